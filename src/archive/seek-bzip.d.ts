/** The part of seek-bzip that is used; it comes without types. */
declare module 'seek-bzip' {
  const Bunzip: {
    /** Unpacks `input` into `output` byte by byte; `multistream`: also what follows the first stream. Throws an Error. */
    decode(input: Uint8Array, output: { writeByte(byte: number): void }, multistream: boolean): unknown;
  };
  export default Bunzip;
}
