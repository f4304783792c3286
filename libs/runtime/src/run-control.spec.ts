import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { HecktorError, isHecktorError } from '@hecktor/errors';
import { createDeadline, createLog, createStageTimer, createStopSignal } from './index.ts';
import { readConfig, runMain, toHecktorError } from './index.ts';

const silent = createLog(() => undefined);

describe('readConfig', () => {
  it('has defaults', () => {
    expect(readConfig({})).toEqual({
      resources: undefined,
      modelFolder: '/opt/ml/model',
      timeLimitS: undefined,
      threads: undefined,
      debug: false,
      plan: 'auto',
      planOnly: false,
      api: 'exec',
      port: 4743,
      dumpTensor: undefined,
    });
  });

  it('reads every variable', () => {
    const config = readConfig({
      HECKTOR_RESOURCES: ' /r ',
      HECKTOR_MODEL_FOLDER: '/m',
      HECKTOR_TIME_LIMIT_S: '600.5',
      HECKTOR_THREADS: '3',
      HECKTOR_PLAN: 'all',
      HECKTOR_API: 'invoke',
      HECKTOR_PORT: '0',
      DEBUG: '1',
    });
    expect(config).toEqual({
      resources: '/r',
      modelFolder: '/m',
      timeLimitS: 600.5,
      threads: 3,
      debug: true,
      plan: 'all',
      planOnly: false,
      api: 'invoke',
      port: 0,
      dumpTensor: undefined,
    });
  });

  it.each([
    ['HECKTOR_THREADS', '0'],
    ['HECKTOR_THREADS', '1.5'],
    ['HECKTOR_THREADS', 'two'],
    ['HECKTOR_TIME_LIMIT_S', '-3'],
    ['HECKTOR_TIME_LIMIT_S', 'NaN'],
    ['HECKTOR_PLAN', 'some'],
    ['HECKTOR_API', 'http'],
    ['HECKTOR_PORT', '65536'],
  ])('refuses %s=%s and names it', (name, value) => {
    const call = () => readConfig({ [name]: value });
    expect(call).toThrow('CONFIG_INVALID');
    expect(call).toThrow(name);
  });

  it.each([[['--dump-tensor', 'a.npy']], [['--dump-tensor=a.npy']]])('takes %j', (args) => {
    expect(readConfig({}, args).dumpTensor).toBe('a.npy');
  });

  it('takes --plan', () => expect(readConfig({}, ['--plan']).planOnly).toBe(true));

  it.each([
    [['--dump-tensor'], 'argument missing'],
    [['--dump-tensor='], 'names no file'],
    [['--plan', '--dump-tensor=a.npy'], 'are both there'],
    [['--dump-tensr', 'a.npy'], "'--dump-tensr'"],
    [['a.npy'], "'a.npy'"],
  ])('refuses %j', (args, words) => {
    const call = () => readConfig({}, args);
    expect(call).toThrow('OPTION_INVALID');
    expect(call).toThrow(words);
  });

  it.each(['0', '', 'false'])('takes DEBUG=%s as off', (DEBUG) => {
    expect(readConfig({ DEBUG }).debug).toBe(false);
  });
});

describe('deadline and stop signal', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('keeps a margin', () => {
    const at = (limitS: number) => createDeadline({ limitS, startedAt: 0, now: () => 1000 });
    expect(at(900).remainingMs()).toBe(869_000);
    expect(at(100).remainingMs()).toBe(94_000);
  });

  it('aborts with TIMEOUT when the time is up', () => {
    const deadline = createDeadline({ limitS: 10, marginS: 1, startedAt: Date.now() });
    const stop = createStopSignal(deadline, 10, new EventEmitter());
    jest.advanceTimersByTime(8_999);
    expect(stop.signal.aborted).toBe(false);
    jest.advanceTimersByTime(2);
    expect(isHecktorError(stop.signal.reason, 'TIMEOUT')).toBe(true);
    expect(stop.interrupted.aborted).toBe(false);
  });

  it.each(['SIGTERM', 'SIGINT'])('aborts with INTERRUPTED at %s', (name) => {
    const target = new EventEmitter();
    const stop = createStopSignal(createDeadline({ limitS: 10 }), 10, target);
    target.emit(name, name);
    expect(isHecktorError(stop.signal.reason, 'INTERRUPTED')).toBe(true);
    expect((stop.signal.reason as Error).message).toContain(name);
    expect(stop.interrupted.aborted).toBe(true);
    stop.dispose();
    expect(target.listenerCount(name)).toBe(0);
  });

  it('stays quiet once disposed', () => {
    const deadline = createDeadline({ limitS: 1, marginS: 0, startedAt: Date.now() });
    const stop = createStopSignal(deadline, 1, new EventEmitter());
    stop.dispose();
    jest.advanceTimersByTime(5_000);
    expect(stop.signal.aborted).toBe(false);
  });
});

describe('createStageTimer', () => {
  it('adds up the stages in their order, failed ones too', async () => {
    let clock = 0;
    const timer = createStageTimer(() => clock);
    await timer.time('read', () => (clock += 1500));
    await timer.time('infer', () => (clock += 2000));
    await timer.time('read', () => (clock += 250));
    const failing = timer.time('write', () => {
      clock += 4;
      throw new Error('full');
    });
    await expect(failing).rejects.toThrow('full');
    expect(Object.entries(timer.seconds())).toEqual([
      ['read', 1.75],
      ['infer', 2],
      ['write', 0.004],
    ]);
  });
});

describe('toHecktorError', () => {
  it.each([
    new RangeError('Array buffer allocation failed'),
    new RangeError('Invalid typed array length: 99999999999'),
    new Error('std::bad_alloc'),
    new Error('Failed to allocate memory for requested buffer of size 1'),
    Object.assign(new Error('limit'), { code: 'ERR_WORKER_OUT_OF_MEMORY' }),
  ])('takes %s for OUT_OF_MEMORY', (thrown) => {
    expect(toHecktorError(thrown).code).toBe('OUT_OF_MEMORY');
  });

  it.each([
    ['EROFS', 'READ_ONLY_FILE_SYSTEM'],
    ['ENOSPC', 'DISK_FULL'],
    ['EACCES', 'PERMISSION_DENIED'],
    ['ERR_MODULE_NOT_FOUND', 'DEPENDENCY_MISSING'],
  ])('takes the system error %s for %s', (code, expected) => {
    const error = toHecktorError(Object.assign(new Error(`${code}: refused, '/opt/x'`), { code }));
    expect(error.code).toBe(expected);
    expect(error.message).toContain('/opt/x');
  });

  it('keeps a HecktorError and wraps the rest', () => {
    const own = new HecktorError('TIMEOUT');
    expect(toHecktorError(own)).toBe(own);
    expect(toHecktorError(new TypeError('x is not a function')).code).toBe('INTERNAL');
    expect(toHecktorError('text').code).toBe('INTERNAL');
    expect(toHecktorError(undefined).code).toBe('INTERNAL');
  });
});

describe('runMain', () => {
  async function run(main: () => Promise<void>, debug = false) {
    const errors: string[] = [];
    const codes: number[] = [];
    await runMain(main, {
      log: silent,
      debug,
      exit: (code) => codes.push(code),
      writeError: (text) => errors.push(text),
    });
    return { errors, codes };
  }

  it('exits with 0 and says nothing on stderr', async () => {
    expect(await run(async () => undefined)).toEqual({ errors: [], codes: [0] });
  });

  it('ends stderr with the message of the error, in one line', async () => {
    const error = new HecktorError('INPUT_IMAGE_MISSING', { detail: 'found:\n nothing' });
    const { errors, codes } = await run(() => Promise.reject(error));
    expect(codes).toEqual([3]);
    expect(errors).toHaveLength(1);
    expect(errors[0]!.trimEnd()).not.toContain('\n');
    expect(errors[0]).toContain('INPUT_IMAGE_MISSING');
    expect(errors[0]).not.toContain('    at ');
  });

  it('shows the stacks before it when debugging', async () => {
    const fault = new TypeError('x is not a function');
    const { errors, codes } = await run(() => Promise.reject(fault), true);
    expect(codes).toEqual([1]);
    expect(errors[0]).toContain('    at ');
    expect(errors[0]).toContain('caused by: TypeError');
    expect(errors.at(-1)).toMatch(/^INTERNAL an unexpected error: x is not a function.*\n$/);
  });
});
