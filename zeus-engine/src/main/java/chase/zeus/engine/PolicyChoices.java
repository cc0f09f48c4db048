package chase.zeus.engine;

import chase.zeus.engine.KeptState.PolicyChoice;
import chase.zeus.policy.PowerPolicy;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The policies that were chosen by command, where one was; a policy that is only tried is rolled
 * back when its time is over. Used by the engine's thread only.
 */
final class PolicyChoices {
  private final Map<PolicyScope, PolicyChoice> choices = new LinkedHashMap<>();

  void choose(Event.PolicyChosen chosen) {
    PolicyScope scope = chosen.scope();
    choices.put(scope, PolicyChoice.of(chosen, Optional.ofNullable(choices.get(scope))));
  }

  void clear(PolicyScope scope) {
    choices.remove(scope);
  }

  /** The policy that is tried in {@code scope}, or every one, stays. */
  void confirm(Optional<PolicyScope> scope) {
    choices.replaceAll((where, choice) ->
        scope.isEmpty() || scope.get().equals(where) ? choice.confirmed() : choice);
  }

  /** Whether a policy is tried in {@code scope}, or in any. */
  boolean tries(Optional<PolicyScope> scope) {
    return choices.entrySet().stream()
        .filter(choice -> scope.isEmpty() || scope.get().equals(choice.getKey()))
        .anyMatch(choice -> choice.getValue().trial().isPresent());
  }

  /** Rolls back what was not confirmed by {@code now}; returns where. */
  List<PolicyScope> rollBack(Instant now) {
    List<PolicyScope> over =
        choices.entrySet().stream()
            .filter(choice -> choice.getValue().isOverAt(now))
            .map(Map.Entry::getKey)
            .toList();
    over.forEach(this::rollBack);
    return over;
  }

  private void rollBack(PolicyScope scope) {
    choices.computeIfPresent(scope, (where, choice) -> choice.unconfirmed().orElse(null));
  }

  /**
   * Takes back what was chosen before a restart, which confirms nothing. Where the configuration
   * has another policy since, that is the later word about the host.
   */
  void restart(KeptState kept, PowerPolicy configured) {
    choices.putAll(kept.policies());
    kept.policies().keySet().forEach(this::rollBack);
    if (!kept.configured().equals(configured)) {
      choices.remove(new PolicyScope.WholeHost());
    }
  }

  /** Forgets the choices for jobs that have ended. */
  void forgetEnded(Predicate<JobId> runs) {
    choices
        .keySet()
        .removeIf(scope -> scope instanceof PolicyScope.OneJob one && !runs.test(one.job()));
  }

  Optional<PowerPolicy> in(PolicyScope scope) {
    return Optional.ofNullable(choices.get(scope)).map(PolicyChoice::policy);
  }

  Map<PolicyScope, PolicyChoice> all() {
    return Map.copyOf(choices);
  }
}
