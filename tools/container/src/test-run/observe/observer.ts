import type { Engine, EngineName } from '../../engine/open-engine.ts';
import { NPROC } from '../run-args.ts';

/** What a run left behind where only its neighbour can see it. */
export interface Observation {
  /** Packets that found no way out. */
  readonly refused: Readonly<Record<'ipv4' | 'ipv6', number>>;
  /** Left in /tmp. */
  readonly scratch: Readonly<Record<'files' | 'bytes', number>>;
}

// The volume belongs to root; as in /tmp, everybody may write to it.
const WAIT =
  'require("fs").chmodSync("/scratch",0o1777);' +
  'process.on("SIGTERM",()=>process.exit());setInterval(()=>{},1e6)';
const READ = `
const { lstatSync, readdirSync, readFileSync } = require("fs");
const text = (file) => { try { return readFileSync(file, "utf8"); } catch { return ""; } };
let files = 0, bytes = 0;
const visit = (folder) => {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = folder + "/" + entry.name;
    if (entry.isDirectory()) visit(path);
    else { files++; bytes += lstatSync(path).size; }
  }
};
visit("/scratch");
console.log(JSON.stringify({ snmp: text("/proc/net/snmp"), snmp6: text("/proc/net/snmp6"), files, bytes }));
`;

/**
 * Starts a container beside the tested one that sees its network and its /tmp, from the tested
 * image's own Node. The namespace of a network lives as long as one process in it, so the counters
 * can be read after the tested container has ended, to the last packet and without rights on this
 * machine. Every name server is an address nobody has, so that a look-up becomes a packet to nowhere
 * instead of a question to the machine's own resolver.
 *
 * @returns undefined for an image without Node, or an engine that cannot do this.
 */
export async function startObserver(engine: Engine, image: string, name: string) {
  const scratch = `${name}-scratch`;
  const dispose = async () => {
    await engine.exec(['rm', '--force', '--volumes', name]);
    await engine.exec(['volume', 'rm', '--force', scratch]);
  };
  if ((await engine.exec(['volume', 'create', scratch])).code !== 0) return undefined;
  // IPv6 is switched off where there is no network; its attempts show only when it is on.
  for (const network of [[...DNS, ...IPV6], DNS, IPV6, []]) {
    const { code } = await engine.exec([
      ...['run', '--name', name, ...network, '--volume', `${scratch}:/scratch:nocopy`],
      ...[...CONFINED, image, '-e', WAIT],
    ]);
    if (code === 0 && (await isReady(engine, name))) {
      return { container: name, scratch, dispose, read: () => read(engine, name) };
    }
    await engine.exec(['rm', '--force', '--volumes', name]);
  }
  await dispose();
  return undefined;
}

const DNS = ['--dns', '192.0.2.1'];
const IPV6 = ['--sysctl', 'net.ipv6.conf.all.disable_ipv6=0'];
const CONFINED = [
  ...['--detach', '--platform', 'linux/amd64', '--network', 'none', '--read-only'],
  ...['--user', '0:0', '--cap-drop', 'ALL', '--cap-add', 'DAC_READ_SEARCH'],
  ...['--memory', '256m', '--pids-limit', '64', '--ulimit', 'nofile=1024:1024', ...NPROC],
  ...['--security-opt', 'no-new-privileges', '--entrypoint', 'node'],
];

/** Whether the observer answers and has opened its volume to everybody. */
async function isReady(engine: Engine, name: string): Promise<boolean> {
  const script = 'process.exit((require("fs").statSync("/scratch").mode&0o1777)===0o1777?0:9)';
  for (let attempt = 0; attempt < 20; attempt++) {
    const { code } = await engine.exec(['exec', name, 'node', '-e', script]);
    if (code === 0) return true;
    if (code !== 9) return false;
  }
  return false;
}

/** Undefined when nothing could be seen. */
async function read(engine: Engine, name: string): Promise<Observation | undefined> {
  const { code, stdout } = await engine.exec(['exec', name, 'node', '-e', READ]);
  if (code !== 0) return undefined;
  const seen = JSON.parse(stdout) as Observation['scratch'] & Record<'snmp' | 'snmp6', string>;
  const { snmp, snmp6, files, bytes } = seen;
  if (snmp === '') return undefined;
  return { refused: refusedPackets(snmp, snmp6), scratch: { files, bytes } };
}

/**
 * Reads /proc/net/snmp and snmp6. Where there is no network, every attempt to reach one (a
 * connection, a datagram, a DNS question) is counted as a packet without a route; talk over the
 * loopback is not. Where no name server is set either, a DNS question goes to the loopback and is
 * counted as a datagram to a port that nobody listens on.
 */
export function refusedPackets(snmp: string, snmp6: string): Observation['refused'] {
  return {
    ipv4: counter(snmp, 'Ip', 'OutNoRoutes') + counter(snmp, 'Udp', 'NoPorts'),
    ipv6: Number(/^Ip6OutNoRoutes\s+(\d+)/m.exec(snmp6)?.[1] ?? 0),
  };
}

function counter(snmp: string, protocol: string, name: string): number {
  const [names = [], values = []] = snmp
    .split('\n')
    .filter((line) => line.startsWith(`${protocol}:`))
    .map((line) => line.split(/\s+/));
  const at = names.indexOf(name);
  return at < 0 ? 0 : Number(values[at]);
}

/** Engines put these into every container's root file system. */
const ENGINE_FILES =
  /^\/(dev|proc|sys|etc\/(hosts|hostname|resolv\.conf|mtab)|run\/(\.containerenv|secrets)|\.dockerenv)(\/|$)/;

/** Podman names the image's user there. */
const PODMAN_FILES = ['/etc/passwd', '/etc/group'];

/**
 * What a container wrote to its root file system, from `docker diff`: lines of a letter (A added, C
 * changed, D deleted) and a path. Left out are mount points, folders that changed only because
 * something in them did, and the engine's own files.
 */
export function writtenPaths(
  diff: string,
  mountPoints: readonly string[],
  engine: EngineName = 'docker',
): string[] {
  const mounts = ['/tmp', ...mountPoints];
  const lines = diff.split('\n').flatMap((line) => {
    const [, kind, path] = /^([ACD])\s+(\/.*)$/.exec(line) ?? [];
    return kind === undefined || path === undefined ? [] : [{ kind, path }];
  });
  const isAbove = (path: string, below: string) => below.startsWith(`${path}/`);
  return lines
    .filter(({ path }) => !ENGINE_FILES.test(path))
    .filter(({ path }) => engine !== 'podman' || !PODMAN_FILES.includes(path))
    .filter(({ path }) => !mounts.some((mount) => mount === path || isAbove(path, mount)))
    .filter(({ path, kind }) => kind !== 'C' || !lines.some((other) => isAbove(path, other.path)))
    .map(({ kind, path }) => (kind === 'D' ? `${path} (deleted)` : path))
    .sort();
}
