package chase.carbon.relay;

import chase.carbon.CarbonIntensity.Relay;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The Chases that one without an outlook waits for: those that it asks, each followed by those that
 * it waits for itself. One that finds itself among them is part of a loop.
 *
 * @param hosts twenty at most
 */
public record AwaitedHosts(List<Relay> hosts) {
  /** The header of a 503 that names them, the host that answers first. */
  public static final String HEADER = "Chase-Waits-For";

  /** Nobody. */
  public static final AwaitedHosts NONE = new AwaitedHosts(List.of());

  private static final int MOST = 20;
  private static final String SEPARATOR = ", ";

  /** Copies the first of the list. */
  public AwaitedHosts {
    hosts = hosts.stream().limit(MOST).toList();
  }

  /** What a header names up to {@code own}, with it; nobody where it is unfit. */
  static AwaitedHosts parse(Optional<String> header, Relay own) {
    List<Relay> hosts = new ArrayList<>();
    try {
      for (String word :
          header.map(text -> text.split(SEPARATOR, MOST + 1)).orElse(new String[0])) {
        String[] parts = word.split("/", 2);
        hosts.add(new Relay(parts[0], parts.length > 1 ? parts[1] : ""));
        if (hosts.getLast().id().equals(own.id())) {
          break;
        }
      }
      return new AwaitedHosts(hosts);
    } catch (IllegalArgumentException unfit) {
      return NONE;
    }
  }

  /** The header of {@code relay}, which waits for them. */
  public String header(Relay relay) {
    return Stream.concat(Stream.of(relay), hosts.stream())
        .limit(MOST)
        .map(host -> host.host() + "/" + host.id())
        .collect(Collectors.joining(SEPARATOR));
  }

  /** Their names. */
  public String names() {
    return hosts.stream().map(Relay::host).collect(Collectors.joining(SEPARATOR));
  }

  /** How {@code own} waits for itself, in words; empty where it does not. */
  Optional<String> loop(Relay own) {
    List<Relay> before = hosts.stream().takeWhile(host -> !host.id().equals(own.id())).toList();
    return before.size() == hosts.size()
        ? Optional.empty()
        : Optional.of(
            "a loop of Chases that ask each other: this host waits for itself"
                + (before.isEmpty() ? "" : " via " + new AwaitedHosts(before).names()));
  }
}
