package chase.daemon.bodies;

import static java.util.stream.Collectors.toMap;

import chase.daemon.api.PolicyBody;
import chase.zeus.engine.PolicyScope;
import chase.zeus.engine.Snapshot;
import chase.zeus.gpu.GpuId;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The policies as a JSON body; pure. */
final class PolicyBodies {
  private PolicyBodies() {}

  /** The policies in force. */
  static PolicyBody of(Snapshot snapshot) {
    return new PolicyBody(
        snapshot.policy().spec(),
        snapshot.policy().boundText(),
        unlessEmpty(
            snapshot.requests().policies().entrySet().stream()
                .flatMap(choice ->
                    choice.getKey() instanceof PolicyScope.OneGpu(GpuId gpu)
                        ? Stream.of(Map.entry(gpu.uuid(), choice.getValue().policy().spec()))
                        : Stream.empty())
                .collect(toMap(Map.Entry::getKey, Map.Entry::getValue))),
        unlessEmpty(
            snapshot.jobs().stream()
                .collect(toMap(job -> job.id().value(), job -> job.policy().spec()))),
        unlessEmpty(unconfirmed(snapshot)));
  }

  private static Map<String, Instant> unconfirmed(Snapshot snapshot) {
    Map<String, Instant> until = new TreeMap<>();
    snapshot
        .requests()
        .policies()
        .forEach((scope, choice) ->
            choice.trial().ifPresent(trial -> until.put(name(scope), trial.until())));
    return until;
  }

  private static String name(PolicyScope scope) {
    return switch (scope) {
      case PolicyScope.WholeHost h -> "host";
      case PolicyScope.OneGpu one -> one.gpu().uuid();
      case PolicyScope.OneJob one -> one.job().value();
    };
  }

  private static <V> Optional<Map<String, V>> unlessEmpty(Map<String, V> map) {
    return map.isEmpty() ? Optional.empty() : Optional.of(map);
  }
}
