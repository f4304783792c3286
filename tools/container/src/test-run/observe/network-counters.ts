/** Packets that a network namespace without a way out has refused. */
export interface RefusedPackets {
  readonly ipv4: number;
  readonly ipv6: number;
}

/**
 * Reads the kernel's counters. Where there is no network, every attempt to reach one (a connection,
 * a datagram, a DNS question) ends as a packet without a route and is counted; talk between
 * processes of one container over the loopback is not.
 *
 * @param snmp - /proc/net/snmp: pairs of lines, names and values.
 * @param snmp6 - /proc/net/snmp6: one name and value per line.
 */
export function refusedPackets(snmp: string, snmp6: string): RefusedPackets {
  const [names = [], values = []] = snmp
    .split('\n')
    .filter((line) => line.startsWith('Ip:'))
    .map((line) => line.split(/\s+/));
  const at = names.indexOf('OutNoRoutes');
  const found = /^Ip6OutNoRoutes\s+(\d+)/m.exec(snmp6)?.[1];
  return { ipv4: at < 0 ? 0 : Number(values[at]), ipv6: Number(found ?? 0) };
}
