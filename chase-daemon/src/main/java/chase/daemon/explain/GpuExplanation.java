package chase.daemon.explain;

import chase.carbon.CarbonIntensity;
import chase.daemon.grid.GridState;
import chase.daemon.grid.PriceState;
import chase.zeus.engine.GpuView;
import chase.zeus.engine.HostPower;
import chase.zeus.engine.JobView;
import chase.zeus.engine.Reason;
import chase.zeus.engine.SafetyRules;
import chase.zeus.engine.Snapshot;
import chase.zeus.gpu.GpuTraits;
import chase.zeus.gpu.PowerLimits;
import chase.zeus.unit.Watts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Why one card is at its limit, in words.
 *
 * @param snapshot the engine's state
 * @param gpu the card
 * @param grid the grid's state
 * @param now the moment of the question
 */
public record GpuExplanation(Snapshot snapshot, GpuView gpu, GridState grid, Instant now) {

  /** One sentence that says limit and cause, and one more for each thing that is out of order. */
  public String text() {
    List<String> sentences = new ArrayList<>();
    sentences.add("%s %s: %s.".formatted(subject(), position(), reason().clause()));
    remedy().ifPresent(sentences::add);
    wanted().ifPresent(sentences::add);
    uncounted().ifPresent(sentences::add);
    host().ifPresent(sentences::add);
    work().ifPresent(job -> sentences.addAll(new JobExplanation(job, now).sentences()));
    otherLimiter().ifPresent(sentences::add);
    module().ifPresent(sentences::add);
    rejected().ifPresent(sentences::add);
    signalTrouble().ifPresent(sentences::add);
    return String.join(" ", sentences);
  }

  public ReasonText reason() {
    GpuView.Contact contact = gpu.contact();
    return switch (contact.state()) {
      case ANSWERING, LOST -> ReasonText.of(gpu.reason(), policy(), grid, now);
      case SILENT -> new ReasonText("no_answer", "it has not answered" + since(), Optional.empty());
      case HUNG ->
          new ReasonText("hung", "a call to it hangs, no answer" + since(), Optional.empty());
    };
  }

  private String since() {
    GpuView.Contact contact = gpu.contact();
    return " since %s%s"
        .formatted(
            ReasonText.time(contact.answeredAt()),
            contact.why().map(" (%s)"::formatted).orElse(""));
  }

  private Optional<String> remedy() {
    return gpu.contact().answers()
        ? Optional.empty()
        : Optional.of(
            "Chase goes on asking. If nvidia-smi on the host shows it, restart Chase, or the"
                + " container that lost its devices; if not, the driver must be loaded again or the"
                + " host restarted.");
  }

  public String policy() {
    return snapshot.policyOn(gpu.traits().id()).spec();
  }

  public Optional<JobView> job() {
    return snapshot.jobOn(gpu.traits().id());
  }

  private Optional<JobView> work() {
    return snapshot.workOn(gpu.traits().id());
  }

  Optional<CarbonIntensity> intensity() {
    return grid.current();
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
    if (gpu.reason() instanceof Reason.Lost || !gpu.contact().answers()) {
      return "was last seen at " + requested.get();
    }
    if (snapshot.mode() == SafetyRules.Mode.OBSERVE) {
      return observed(requested.get());
    }
    return gpu.pending() && unmet().isPresent()
        ? "is on its way from %s to %s".formatted(requested.get(), unmet().get())
        : settled(requested.get());
  }

  private String observed(Watts requested) {
    return unmet()
        .map(target ->
            "is at %s, and Chase, which observes, would set %s".formatted(requested, target))
        .orElseGet(
            () -> "is at %s, and Chase, which observes, would leave it there".formatted(requested));
  }

  private String settled(Watts requested) {
    if (gpu.original().isEmpty()) {
      return "is at " + requested;
    }
    Watts found = gpu.original().get();
    if (requested.sameLimitAs(found)) {
      return "is at the %s found".formatted(found);
    }
    return requested.compareTo(found) < 0
        ? "is limited to %s of the %s found".formatted(requested, found)
        : "is at %s, above the %s found".formatted(requested, found);
  }

  private Optional<String> wanted() {
    boolean said =
        !gpu.contact().answers() || gpu.pending() || snapshot.mode() == SafetyRules.Mode.OBSERVE;
    return said
        ? Optional.empty()
        : gpu.limitKeptByDriver()
            .flatMap(kept -> unmet().map(wish -> "Its driver made %s of %s.".formatted(kept, wish)))
            .or(() -> unmet().map("Chase wants %s."::formatted));
  }

  /** A budget that nobody counts is no promise about real time. */
  private Optional<String> uncounted() {
    boolean guessed =
        policy().startsWith("budget:") && gpu.reason() instanceof Reason.Chosen && work().isEmpty();
    return guessed
        ? Optional.of("No job reports its steps, so the slowdown is the profile's estimate.")
        : Optional.empty();
  }

  private Optional<String> host() {
    HostPower host = snapshot.hostPower();
    boolean counts =
        gpu.reason() instanceof Reason.Chosen
            && !host.perGpu().equals(Watts.ZERO)
            && ReasonText.weighsEnergy(policy());
    return counts
        ? Optional.of(
            "%s of host for each GPU (%s) are part of the cost."
                .formatted(host.perGpu(), host.source().name().toLowerCase(Locale.ROOT)))
        : Optional.empty();
  }

  private Optional<String> otherLimiter() {
    return gpu.liveLimits()
        .filter(limits -> !limits.enforced().sameLimitAs(limits.requested()))
        .filter(limits -> limits.enforced().compareTo(limits.requested()) < 0)
        .map(limits -> "Another limiter holds it at %s.".formatted(limits.enforced()));
  }

  private Optional<String> rejected() {
    return gpu.rejected()
        .last()
        .map(cause ->
            "%s of its readings of power and energy were not believed, the last for %s, at %s."
                .formatted(
                    gpu.rejected().total(),
                    cause.words(),
                    ReasonText.time(gpu.rejected().lastAt().orElseThrow())));
  }

  /** Its draw may then be above its limit, and nothing is wrong with that. */
  private Optional<String> module() {
    return gpu.traits().modulePower()
        ? Optional.of(
            "The power that it tells is that of its whole module, the CPU included; the limit is"
                + " the GPU's alone.")
        : Optional.empty();
  }

  private Optional<String> signalTrouble() {
    if (!ReasonText.weighsGrid(policy()) || gpu.reason() instanceof Reason.NoSignal) {
      return Optional.empty();
    }
    return ReasonText.signalFault(grid, now)
        .map("The signal is not to be trusted: %s."::formatted)
        .or(() -> trouble().map(t -> "The last poll failed: %s.".formatted(t.message())));
  }

  /** Of the signals that count. */
  private Optional<GridState.PollFailure> trouble() {
    return grid.failure()
        .filter(t -> grid.weights().carbon() > 0)
        .or(() ->
            grid.price().filter(p -> grid.weights().price() > 0).flatMap(PriceState::failure));
  }

  private Optional<Watts> requested() {
    return gpu.limits().map(PowerLimits::requested);
  }

  /** The target, where the card is not at it. */
  private Optional<Watts> unmet() {
    return gpu.target()
        .filter(target -> requested().filter(now -> !now.sameLimitAs(target)).isPresent());
  }
}
