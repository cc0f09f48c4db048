package chase.daemon.explain;

import chase.daemon.grid.GridState;
import chase.zeus.engine.GpuView;
import chase.zeus.engine.HostPower;
import chase.zeus.engine.Reason;
import chase.zeus.engine.SafetyRules;
import chase.zeus.engine.Snapshot;
import chase.zeus.gpu.GpuTraits;
import chase.zeus.gpu.PowerLimits;
import chase.zeus.policy.PowerPolicy;
import chase.zeus.unit.Watts;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Why one GPU is at its limit, in words.
 *
 * @param snapshot the engine's state
 * @param gpu the GPU
 * @param grid the grid's state
 * @param now the moment at which the words have to be true
 */
public record GpuExplanation(Snapshot snapshot, GpuView gpu, GridState grid, Instant now) {

  /** One sentence that says limit and cause, and one more for each thing that is out of order. */
  public String text() {
    return Stream.of(
            Stream.of("%s %s: %s.".formatted(subject(), position(), reason().clause())),
            remedy().stream(),
            unmetTarget().stream(),
            estimatedSlowdown().stream(),
            hostPower().stream(),
            snapshot.workOn(gpu.traits().id()).stream()
                .flatMap(job -> new JobExplanation(job, now).sentences().stream()),
            otherLimiter().stream(),
            modulePower().stream(),
            rejectedReadings().stream(),
            signalFault().stream())
        .flatMap(sentences -> sentences)
        .collect(Collectors.joining(" "));
  }

  /** Why its target is what it is, or that it does not answer. */
  public ReasonText reason() {
    return switch (gpu.contact().state()) {
      case ANSWERING, LOST -> ReasonText.of(gpu.reason(), policy(), grid, now);
      case SILENT -> new ReasonText("no_answer", "it has not answered" + since(), Optional.empty());
      case HUNG ->
          new ReasonText("hung", "a call to it hangs, no answer" + since(), Optional.empty());
      case RELEASED ->
          new ReasonText("released", gpu.contact().why().orElse("released"), Optional.empty());
    };
  }

  private String since() {
    return " since %s%s"
        .formatted(
            ReasonText.time(gpu.contact().answeredAt()),
            gpu.contact().why().map(" (%s)"::formatted).orElse(""));
  }

  private Optional<String> remedy() {
    return when(
        !gpu.contact().answers() && !gpu.contact().isReleased(),
        "Chase goes on polling it. If nvidia-smi on the host shows it, restart Chase, or the"
            + " container that lost its devices; if not, the driver must be loaded again or the"
            + " host restarted.");
  }

  /** The policy that decides about it. */
  public PowerPolicy policy() {
    return snapshot.policyOn(gpu.traits().id());
  }

  private String subject() {
    GpuTraits traits = gpu.traits();
    boolean unsaid =
        traits.simulated() && !traits.model().toLowerCase(Locale.ROOT).contains("simulated");
    return String.format(
        Locale.ROOT, "GPU %d (%s%s)", traits.index(), traits.model(), unsaid ? ", simulated" : "");
  }

  private String position() {
    Optional<Watts> requested = requested();
    if (requested.isEmpty()) {
      return "shows no power limit";
    }
    if (gpu.contact().isReleased()) {
      return "is not controlled";
    }
    if (gpu.reason() instanceof Reason.Lost || !gpu.contact().answers()) {
      return "was last seen at " + requested.get();
    }
    if (isObserved()) {
      return "is at %s, and Chase, which observes, would %s"
          .formatted(
              requested.get(), unmet().map(target -> "set " + target).orElse("leave it there"));
    }
    return gpu.pending() && unmet().isPresent()
        ? "is on its way from %s to %s".formatted(requested.get(), unmet().get())
        : settled(requested.get());
  }

  private boolean isObserved() {
    return snapshot.mode() == SafetyRules.Mode.OBSERVE;
  }

  private String settled(Watts requested) {
    if (gpu.original().isEmpty()) {
      return "is at " + requested;
    }
    Watts original = gpu.original().get();
    if (requested.sameLimitAs(original)) {
      return "is at its original limit of " + original;
    }
    return requested.compareTo(original) < 0
        ? "is limited to %s (original limit %s)".formatted(requested, original)
        : "is at %s, above its original limit of %s".formatted(requested, original);
  }

  private Optional<String> unmetTarget() {
    boolean mentioned = !gpu.contact().answers() || gpu.pending() || isObserved();
    return mentioned
        ? Optional.empty()
        : unmet()
            .map(target ->
                gpu.limitKeptByDriver()
                    .map(kept -> "Its driver made %s of %s.".formatted(kept, target))
                    .orElseGet(() -> "Chase wants %s.".formatted(target)));
  }

  /** A budget without reported steps is no promise about real time. */
  private Optional<String> estimatedSlowdown() {
    return when(
        policy().slowdownBound().isPresent()
            && gpu.reason() instanceof Reason.Chosen
            && snapshot.workOn(gpu.traits().id()).isEmpty(),
        "No job reports its steps, so the slowdown is the profile's estimate.");
  }

  private Optional<String> hostPower() {
    HostPower host = snapshot.hostPower();
    return when(
        gpu.reason() instanceof Reason.Chosen
            && !host.perGpu().equals(Watts.ZERO)
            && policy().weighsEnergy(),
        "%s of host for each GPU (%s) are part of the cost."
            .formatted(host.perGpu(), host.source().name().toLowerCase(Locale.ROOT)));
  }

  private Optional<String> otherLimiter() {
    return gpu.liveLimits()
        .filter(limits -> !limits.enforced().sameLimitAs(limits.requested()))
        .filter(limits -> limits.enforced().compareTo(limits.requested()) < 0)
        .map(limits -> "Another limiter holds it at %s.".formatted(limits.enforced()));
  }

  private Optional<String> rejectedReadings() {
    return gpu.rejected()
        .last()
        .map(fault ->
            "%s of its readings of power and energy were rejected, the last for %s, at %s."
                .formatted(
                    gpu.rejected().total(),
                    fault.text(),
                    ReasonText.time(gpu.rejected().lastAt().orElseThrow())));
  }

  /** Its draw may then be above its limit, and nothing is wrong with that. */
  private Optional<String> modulePower() {
    return when(
        gpu.traits().modulePower(),
        "The power that it reports is that of its whole module, the CPU included; the limit is the"
            + " GPU's alone.");
  }

  private Optional<String> signalFault() {
    if (!policy().weighsGrid() || gpu.reason() instanceof Reason.NoSignal) {
      return Optional.empty();
    }
    GridText text = new GridText(grid, now);
    return text.fault()
        .map("The signal cannot be trusted: %s."::formatted)
        .or(() -> text.pollFailure().map("The last poll failed: %s."::formatted));
  }

  private static Optional<String> when(boolean condition, String sentence) {
    return condition ? Optional.of(sentence) : Optional.empty();
  }

  private Optional<Watts> requested() {
    return gpu.limits().map(PowerLimits::requested);
  }

  /** The target, where the GPU is not at it. */
  private Optional<Watts> unmet() {
    return gpu.target()
        .filter(target -> requested().filter(now -> !now.sameLimitAs(target)).isPresent());
  }
}
