# Installs tercet for one user on Windows (Windows PowerShell 5.1 and PowerShell 7).
#
#     irm BASE/install.ps1 | iex
#     & ([scriptblock]::Create((irm BASE/install.ps1))) -AsPoetry
#
# Parameters have the variables of install.sh: TERCET_VERSION, TERCET_PREVIEW, TERCET_HOME, TERCET_BASE_URL, TERCET_AS_POETRY,
# TERCET_NO_MODIFY_PATH. Nothing is changed before the download was checked and has run once.
param(
  [string]$Version = $env:TERCET_VERSION,
  [switch]$Preview = ($env:TERCET_PREVIEW -eq '1'),
  [string]$InstallHome = $env:TERCET_HOME,
  [string]$BaseUrl = $env:TERCET_BASE_URL,
  [switch]$AsPoetry = ($env:TERCET_AS_POETRY -eq '1'),
  [switch]$NoModifyPath = ($env:TERCET_NO_MODIFY_PATH -eq '1'),
  [switch]$Uninstall
)

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$stampedUrl = '@BASE_URL@'
$publicKey = @'
@PUBLIC_KEY@
'@

if (-not $InstallHome) { $InstallHome = Join-Path $env:USERPROFILE '.tercet' }
$bin = Join-Path $InstallHome 'bin'

function Get-UserPath {
  $key = (Get-Item 'HKCU:').OpenSubKey('Environment', $false)
  # Unexpanded, so that %USERPROFILE% and its like stay as they are.
  return [string]$key.GetValue('Path', '', [Microsoft.Win32.RegistryValueOptions]::DoNotExpandEnvironmentNames)
}

function Set-UserPath([string]$Path) {
  $key = (Get-Item 'HKCU:').OpenSubKey('Environment', $true)
  $key.SetValue('Path', $Path, [Microsoft.Win32.RegistryValueKind]::ExpandString)
}

if ($Uninstall) {
  if (-not (Test-Path (Join-Path $InstallHome 'receipt.json'))) {
    throw "There is no tercet of this installer in $InstallHome"
  }
  foreach ($one in 'bin\tercet.exe', 'bin\tercet.exe.old', 'bin\poetry.exe', 'env.ps1', 'receipt.json', 'release-key.pem') {
    Remove-Item -Force -ErrorAction SilentlyContinue (Join-Path $InstallHome $one)
  }
  foreach ($folder in $bin, $InstallHome) {
    if ((Test-Path $folder) -and -not (Get-ChildItem -Force $folder)) { Remove-Item $folder }
  }
  $parts = (Get-UserPath).Split(';') | Where-Object { $_ -and $_ -ne $bin }
  Set-UserPath ($parts -join ';')
  Write-Host "Removed tercet. Its cache and the projects' environments stay."
  return
}

if (-not $BaseUrl -and -not $stampedUrl.StartsWith('@')) { $BaseUrl = $stampedUrl }
if (-not $BaseUrl) { throw 'No address to install from: set TERCET_BASE_URL' }
$BaseUrl = $BaseUrl.TrimEnd('/')
[Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -bor [Net.SecurityProtocolType]::Tls12

if (-not $Version) {
  $channel = if ($Preview) { 'preview' } else { 'latest' }
  $Version = ([string](Invoke-RestMethod "$BaseUrl/$channel")).Trim()
}
if ($Version -notmatch '^[0-9][0-9A-Za-z.+-]*$') { throw "This is no version: $Version" }
$target = if ($env:PROCESSOR_ARCHITECTURE -eq 'ARM64') { 'windows-arm64' } else { 'windows-x64' }
$file = "tercet-$target.exe.gz"
$staging = Join-Path $InstallHome ".staging.$PID"
New-Item -ItemType Directory -Force $staging | Out-Null
try {
  Write-Host "Downloading tercet $Version ($target)"
  $sums = Join-Path $staging 'SHA256SUMS'
  $packed = Join-Path $staging $file
  Invoke-WebRequest -UseBasicParsing "$BaseUrl/$Version/SHA256SUMS" -OutFile $sums
  if ($publicKey.Contains('BEGIN PUBLIC KEY')) {
    $signature = Join-Path $staging 'SHA256SUMS.sig'
    Invoke-WebRequest -UseBasicParsing "$BaseUrl/$Version/SHA256SUMS.sig" -OutFile $signature
    $ecdsa = [System.Security.Cryptography.ECDsa]::Create()
    if ($ecdsa.PSObject.Methods['ImportFromPem']) {
      $ecdsa.ImportFromPem($publicKey)
      $format = [System.Security.Cryptography.DSASignatureFormat]::Rfc3279DerSequence
      $valid = $ecdsa.VerifyData([IO.File]::ReadAllBytes($sums), [IO.File]::ReadAllBytes($signature),
        [System.Security.Cryptography.HashAlgorithmName]::SHA256, $format)
      if (-not $valid) { throw "The signature of release $Version is wrong; nothing was changed" }
    } else {
      Write-Host 'The signature is not checked (it needs PowerShell 7); the checksum is.'
    }
  }
  Invoke-WebRequest -UseBasicParsing "$BaseUrl/$Version/$file" -OutFile $packed
  $expected = (Get-Content $sums | Where-Object { ($_ -split '\s+\*?', 2)[1] -eq $file } | ForEach-Object { ($_ -split '\s+')[0] })
  $found = (Get-FileHash -Algorithm SHA256 $packed).Hash.ToLowerInvariant()
  if (-not $expected -or $found -ne $expected) {
    throw "The checksum of $file is wrong: expected $expected, found $found; nothing was changed"
  }
  $fresh = Join-Path $staging 'tercet.exe'
  $in = [IO.File]::OpenRead($packed)
  $out = [IO.File]::Create($fresh)
  try {
    $gzip = New-Object IO.Compression.GZipStream($in, [IO.Compression.CompressionMode]::Decompress)
    $gzip.CopyTo($out)
    $gzip.Dispose()
  } finally { $out.Dispose(); $in.Dispose() }
  $answer = & $fresh --version
  if ($LASTEXITCODE -ne 0) { throw "The program does not run here: $answer" }

  New-Item -ItemType Directory -Force $bin | Out-Null
  $program = Join-Path $bin 'tercet.exe'
  # A running program cannot be overwritten, but it can be renamed.
  if (Test-Path $program) { Move-Item -Force $program "$program.old" }
  Move-Item $fresh $program
  Remove-Item -Force -ErrorAction SilentlyContinue "$program.old"
  if ($AsPoetry) { Copy-Item -Force $program (Join-Path $bin 'poetry.exe') }
  $receipt = @{ schema = 1; version = $Version; target = $target; base_url = $BaseUrl } | ConvertTo-Json -Compress
  [IO.File]::WriteAllText((Join-Path $InstallHome 'receipt.json'), $receipt)
  if ($publicKey.Contains('BEGIN PUBLIC KEY')) {
    [IO.File]::WriteAllText((Join-Path $InstallHome 'release-key.pem'), $publicKey + "`n")
  }
  [IO.File]::WriteAllText((Join-Path $InstallHome 'env.ps1'),
    "if (`";`$env:PATH;`" -notlike `"*;$bin;*`") { `$env:PATH = `"$bin;`$env:PATH`" }`n")
  if (-not $NoModifyPath -and -not (";$(Get-UserPath);".Contains(";$bin;"))) {
    Set-UserPath ("$bin;" + (Get-UserPath)).TrimEnd(';')
  }
  if (-not (";$env:PATH;".Contains(";$bin;"))) { $env:PATH = "$bin;$env:PATH" }
  Write-Host "Installed $answer in $bin"
} finally {
  Remove-Item -Recurse -Force -ErrorAction SilentlyContinue $staging
}
