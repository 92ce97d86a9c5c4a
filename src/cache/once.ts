/** Each question is asked once; whoever asks again while or after it is answered shares the answer. */

/**
 * Remembers what `make` gave for each key, failures included: a command that failed to get an answer does not try
 * again behind its own back.
 */
export interface Once<Value> {
  (key: string, make: () => Promise<Value>): Promise<Value>;
  /** The answer's promise where the question has been asked. */
  peek(key: string): Promise<Value> | undefined;
}

/** Nothing has been asked yet. */
export function createOnce<Value>(): Once<Value> {
  const answers = new Map<string, Promise<Value>>();
  const once = (key: string, make: () => Promise<Value>): Promise<Value> => {
    let answer = answers.get(key);
    if (answer === undefined) {
      answer = make();
      // A question asked early may fail before anyone waits for it; whoever does wait still sees the failure.
      answer.catch(() => undefined);
      answers.set(key, answer);
    }
    return answer;
  };
  return Object.assign(once, { peek: (key: string) => answers.get(key) });
}
