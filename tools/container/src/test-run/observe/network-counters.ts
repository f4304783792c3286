/** Packets that a network namespace without a way out has refused. */
export interface RefusedPackets {
  readonly ipv4: number;
  readonly ipv6: number;
}

/**
 * Reads the kernel's counters. Where there is no network, every attempt to reach one (a connection,
 * a datagram, a DNS question) ends as a packet without a route and is counted; talk between
 * processes of one container over the loopback is not. Where no name server is set either, a DNS
 * question goes to the loopback and is counted as a datagram to a port that nobody listens on.
 *
 * @param snmp - /proc/net/snmp: pairs of lines, names and values.
 * @param snmp6 - /proc/net/snmp6: one name and value per line.
 */
export function refusedPackets(snmp: string, snmp6: string): RefusedPackets {
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
