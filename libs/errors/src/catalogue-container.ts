import { check, engine, internal, limit, resources, system, usage } from './exit-codes.ts';

/** Failures of a container, of its surroundings and of the engine, known by how they show. */
export const CONTAINER_ERRORS = {
  DEPENDENCY_MISSING: resources({
    what: 'a module that the program imports is not in the image',
    cause: "a package that the app's package.json does not declare, or a bundle made before it did",
    fix: 'declare it in package.json, run `npm install` and build again',
  }),
  SHARED_LIBRARY_MISSING: system({
    what: 'a shared library is missing from the image',
    cause:
      'a native package needs a library that the base image lacks, or glibc where there is musl',
    fix: 'use the Debian base image (node:26-bookworm-slim), or a package that brings its library along',
  }),
  COMMAND_NOT_FOUND: resources({
    what: 'the program to be started is not in the image',
    cause:
      'an entry point or a script that names a command the image does not have, such as python',
    fix: 'start the program with node, as the Dockerfile of this project does, and build again',
  }),
  PERMISSION_DENIED: system({
    what: 'Permission denied',
    cause: 'the program writes outside /tmp, or an input is closed to the non-root user it runs as',
    fix: 'write below /tmp or the output folder only, and mount inputs read-only (`:ro`) and readable for everyone',
  }),
  READ_ONLY_FILE_SYSTEM: system({
    what: 'the program writes to a read-only file system',
    cause: 'a cache, a log or a temporary file outside /tmp; everything else is read-only there',
    fix: 'write below /tmp or the output folder only; HOME and the caches of libraries too',
  }),
  FILE_NOT_FOUND: system({
    what: 'File not found',
    cause:
      'a path that exists on one machine only, or inputs that were not mounted where the program looks',
    fix: 'read inputs from the input folder (/input or /tmp/input) and models from resources/',
  }),
  DISK_FULL: system({
    what: 'no space is left on the disk',
    cause: 'the scratch space below /tmp, the output folder or the disk behind them is full',
    fix: 'free some space, or write fewer and smaller temporary files',
  }),
  NETWORK_ATTEMPTED: check({
    what: 'the program tries to reach the network',
    cause: 'a download at run time, telemetry, or a host name that is looked up',
    fix: 'put what it needs into resources/ before the build; the platform disqualifies containers that try',
  }),
  TOO_MANY_PROCESSES: limit({
    what: 'no further thread or process can be started',
    cause: 'the limit on processes of the container was reached',
    fix: 'start fewer workers, for example with HECKTOR_THREADS=2',
  }),
  TOO_MANY_OPEN_FILES: limit({
    what: 'no further file can be opened',
    cause: 'files are opened and not closed, until the limit of the container was reached',
    fix: 'close each file after its use',
  }),
  CPU_UNSUPPORTED: system({
    what: 'the CPU does not know an instruction of the program',
    cause: 'native code built for newer CPUs (AVX2, AVX-512), or an emulated CPU without them',
    fix: 'run it on an amd64 CPU with AVX2, or use a build of the native package for any amd64 CPU',
  }),
  PROGRAM_CRASHED: internal({
    what: 'native code crashed',
    cause:
      'memory that was refused in native code, a damaged model, or a fault in a native package',
    fix: 'run it with more memory to rule that out, then export the model again',
  }),
  WRONG_ARCHITECTURE: engine({
    what: 'the program in the image is for another CPU architecture (exec format error)',
    cause: 'an image built on Apple Silicon or another ARM machine without --platform=linux/amd64',
    fix: 'build it with the docker-build target, which asks for linux/amd64; on Linux/ARM install qemu-user-static first',
  }),
  ENGINE_NOT_RUNNING: engine({
    what: 'the container engine is installed but does not answer',
    cause: 'Docker Desktop is closed, or the daemon was not started',
    fix: 'start Docker Desktop, or `sudo systemctl start docker`, then check with `docker info`',
  }),
  ENGINE_NOT_PERMITTED: engine({
    what: 'this user may not talk to the container engine',
    cause: "the user is not in the group of the engine's socket",
    fix: 'run `sudo usermod -aG docker $USER`, log out and in again, then check with `docker info`',
  }),
  ENGINE_DISK_FULL: engine({
    what: 'the container engine has no space left for images',
    cause: 'old images, stopped containers and build caches fill the disk',
    fix: 'free space with `docker image prune` and `docker builder prune`, then run the target again',
  }),
  BASE_IMAGE_UNAVAILABLE: engine({
    what: 'the base image is not here and cannot be pulled',
    cause: 'no network, a registry that needs a login, or a misspelt name',
    fix: 'run `docker pull node:26-bookworm-slim` where there is a network, or name another with --nodeImage',
  }),
  IMAGE_NOT_BUILT: engine({
    what: 'there is no such container image',
    cause: 'it has not been built on this machine, or under another tag',
    fix: 'run the docker-build target first',
  }),
  RESOURCE_UNWANTED: resources({
    what: 'resources/ holds files that have no place in the image',
    cause: 'checkpoints, caches or hidden files were copied there with the model',
    fix: 'move them elsewhere; what the recipe names, text and tables are enough',
  }),
  RESOURCE_LFS_POINTER: resources({
    what: 'a file in resources/ is a Git LFS pointer, not the file itself',
    cause: 'the repository was cloned without Git LFS',
    fix: 'run `git lfs install` and `git lfs pull`, then build again',
  }),
  TEST_RUN_MISSING: check({
    what: 'this image has not passed a test run',
    cause: 'it was built again since its last test run, or that run broke a rule',
    fix: 'run the docker-test-run target first, or save it as it is with --force',
  }),
  PROFILE_INVALID: usage({
    what: 'the profile of the test run cannot be used',
    cause: 'a mistyped name or field',
    fix: 'use hecktor25, grand-challenge, or a .json file with the fields of those',
  }),
  PORT_UNAVAILABLE: system({
    what: 'the port cannot be opened',
    cause: 'another program listens there, perhaps a viewer that is still running',
    fix: 'end it, or choose another port with --port; 0 takes any free one',
  }),
  ARCHIVE_INVALID: check({
    what: 'the archive is not one that the platform takes',
    cause: 'a damaged file or disk, or an image that the docker-build target did not build',
    fix: 'build the image with the docker-build target and save it again',
  }),
};
