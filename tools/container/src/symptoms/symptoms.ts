import type { ErrorCode } from '@hecktor/errors';

/** How one failure shows. */
interface Symptom {
  readonly code: ErrorCode;
  /** What a person sees of it, for the documentation. */
  readonly looks: string;
  /** A line of output that gives it away. */
  readonly says?: RegExp;
  /** Anything else that does. */
  readonly shows?: (observation: RunObservation) => boolean;
}

const exits =
  (...codes: number[]) =>
  ({ exitCode }: RunObservation): boolean =>
    exitCode !== null && codes.includes(exitCode);

/** What the engine or the kernel knows for certain, whatever the program said last. */
export const CERTAIN: readonly Symptom[] = [
  { code: 'TIMEOUT', looks: 'stopped when its time was up', shows: ({ timedOut }) => timedOut },
  {
    code: 'OUT_OF_MEMORY',
    looks: '`Killed`, OOMKilled in the state of the container',
    shows: ({ oomKilled }) => oomKilled,
  },
];

/** Said by the engine, by Node or by native code; the first that fits counts. */
export const SPOKEN: readonly Symptom[] = [
  {
    code: 'ENGINE_NOT_PERMITTED',
    looks: '`permission denied while trying to connect to the Docker daemon socket`',
    says: /permission denied while trying to connect to the docker/i,
  },
  {
    code: 'ENGINE_NOT_RUNNING',
    looks: '`Cannot connect to the Docker daemon`',
    says: /cannot connect to (the docker daemon|podman)|is the docker daemon running|error during connect/i,
  },
  {
    code: 'BASE_IMAGE_UNAVAILABLE',
    looks: '`pull access denied`, `manifest unknown`, `no such host` while an image is pulled',
    says: /pull access denied|manifest (for \S+ not found|unknown)|(registry|docker\.io)\S*:? .*(no such host|timeout|i\/o timeout|connection refused|network is unreachable)|failed to (resolve source metadata|do request)/i,
  },
  {
    code: 'IMAGE_NOT_BUILT',
    looks: '`No such image`, `Unable to find image … locally`',
    says: /no such image|unable to find image|image not known/i,
  },
  {
    code: 'WRONG_ARCHITECTURE',
    looks: '`exec format error`; `does not match the specified platform`',
    says: /exec format error|does not match the specified platform/i,
  },
  {
    code: 'ENGINE_DISK_FULL',
    looks:
      '`no space left on device` from the engine, e.g. `failed to register layer` or `write /var/lib/docker/…`',
    says: /(error response from daemon|failed to register layer|ApplyLayer|error processing tar|failed to (copy|export|commit|solve)|\/var\/lib\/(docker|containers)).*no space left on device/i,
  },
  {
    code: 'SHARED_LIBRARY_MISSING',
    looks: '`cannot open shared object file`, `version GLIBC_2.… not found`, `ERR_DLOPEN_FAILED`',
    says: /cannot open shared object file|error loading shared library|version [`']?(GLIBC|GLIBCXX)_\S+ not found|ERR_DLOPEN_FAILED/i,
  },
  {
    code: 'DEPENDENCY_MISSING',
    looks: '`Cannot find module`, `Cannot find package`; in Python `ModuleNotFoundError`',
    says: /cannot find (module|package)|ERR_MODULE_NOT_FOUND|ModuleNotFoundError|no module named/i,
  },
  {
    code: 'COMMAND_NOT_FOUND',
    looks: '`executable file not found in $PATH`, `command not found`',
    says: /executable file not found in \$PATH|exec: .*: no such file or directory|: (command )?not found$/i,
  },
  {
    code: 'OUT_OF_MEMORY',
    looks:
      '`Array buffer allocation failed`, `JavaScript heap out of memory`, `bad_alloc`, `Cannot allocate memory`',
    says: /array buffer allocation failed|(heap|process) out of memory|reached heap limit|bad_?alloc\b|bad allocation|cannot allocate memory|failed to allocate memory|ENOMEM|MemoryError|^killed$/i,
  },
  {
    code: 'READ_ONLY_FILE_SYSTEM',
    looks: '`EROFS: read-only file system`',
    says: /EROFS|read-only file system/i,
  },
  {
    code: 'DISK_FULL',
    looks: '`ENOSPC: no space left on device`',
    says: /ENOSPC|no space left on device|disk quota exceeded/i,
  },
  {
    code: 'NETWORK_ATTEMPTED',
    looks: '`getaddrinfo EAI_AGAIN`, `connect ENETUNREACH`, `fetch failed`',
    says: /getaddrinfo (EAI_AGAIN|ENOTFOUND)|\bENETUNREACH\b|query\w* E(CONNREFUSED|SERVFAIL|TIMEOUT)|fetch failed|network is unreachable|temporary failure in name resolution/i,
  },
  {
    code: 'PERMISSION_DENIED',
    looks: "`EACCES: permission denied`, `Permission denied: '/some/path'`",
    says: /EACCES|EPERM|permission denied|operation not permitted/i,
  },
  {
    code: 'TOO_MANY_OPEN_FILES',
    looks: '`EMFILE: too many open files`',
    says: /EMFILE|ENFILE|too many open files/i,
  },
  {
    code: 'TOO_MANY_PROCESSES',
    looks: '`EAGAIN`, `ERR_WORKER_INIT_FAILED`, `Resource temporarily unavailable`',
    says: /\bEAGAIN\b|ERR_WORKER_INIT_FAILED|resource temporarily unavailable|pthread_create failed/i,
  },
  {
    code: 'FILE_NOT_FOUND',
    looks: '`ENOENT: no such file or directory`',
    says: /ENOENT|no such file or directory|FileNotFoundError/i,
  },
];

/** For programs that said nothing of use. */
export const SILENT: readonly Symptom[] = [
  { code: 'OUT_OF_MEMORY', looks: 'exit code 137', shows: exits(137) },
  { code: 'CPU_UNSUPPORTED', looks: 'exit code 132, `Illegal instruction`', shows: exits(132) },
  {
    code: 'PROGRAM_CRASHED',
    looks: 'exit code 134, 135, 136 or 139, `Segmentation fault`, `Aborted`',
    shows: exits(134, 135, 136, 139),
  },
  { code: 'COMMAND_NOT_FOUND', looks: 'exit code 127', shows: exits(127) },
  { code: 'PERMISSION_DENIED', looks: 'exit code 126', shows: exits(126) },
  { code: 'INTERRUPTED', looks: 'exit code 130 or 143', shows: exits(130, 143) },
];

/** Every symptom, in the order in which they are tried. */
export const SYMPTOMS: readonly Symptom[] = [...CERTAIN, ...SPOKEN, ...SILENT];

/** What could be seen of a container that has ended. */
export interface RunObservation {
  /** Null when there is none, e.g. because it never started. */
  readonly exitCode: number | null;
  /** It was stopped because its time was up. */
  readonly timedOut: boolean;
  /** The kernel killed it for its memory. */
  readonly oomKilled: boolean;
  /** Last lines; the engine's own words are among them when it did not start. */
  readonly stderrTail: string;
  readonly stdoutTail: string;
}
