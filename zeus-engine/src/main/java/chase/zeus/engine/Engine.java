package chase.zeus.engine;

import chase.zeus.engine.Refusal.Cause;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.PowerRange;
import chase.zeus.policy.PowerPolicy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Decides each GPU's power limit. Call {@link #on} from one thread only; the caller carries out the
 * orders and tells what came of each.
 *
 * <p>For every sequence of events: an order lies in the card's range, never above the limit found
 * and never below the floor; a card has at most one order on its way; a limit that the card has is
 * not ordered again; in observe mode nothing is ordered.
 */
public final class Engine {
  private final Rules rules;
  private final List<Card> cards = new ArrayList<>();
  private Host host;
  private volatile Snapshot snapshot;

  /** An engine without GPUs, at {@code start}. */
  public Engine(Rules rules, PowerPolicy policy, Instant start) {
    this.rules = rules;
    this.host = new Host(start, policy, Optional.empty(), false, false);
    this.snapshot = snap();
  }

  /**
   * Takes in what happened and says what to do: at most one order for each GPU.
   *
   * @throws IllegalArgumentException for a command that {@link #refusal} refuses
   */
  public List<Order> on(Event event) {
    if (event instanceof Event.Command command) {
      refusal(command)
          .ifPresent(refused -> {
            throw new IllegalArgumentException(refused.message());
          });
    }
    host = host.after(event);
    note(event);
    cards.forEach(card -> card.decide(host));
    List<Order> orders =
        cards.stream().map(card -> card.order(host)).flatMap(Optional::stream).toList();
    snapshot = snap();
    return orders;
  }

  private void note(Event event) {
    switch (event) {
      case Event.GpuOpened opened -> open(opened);
      case Event.GpuLost lost -> card(lost.gpu()).ifPresent(card -> card.lost(lost.why()));
      case Event.ReadingTaken taken -> card(taken.gpu()).ifPresent(card -> card.read(taken));
      case Event.LimitApplied done -> card(done.gpu()).ifPresent(card -> card.applied(done));
      case Event.LimitFailed failure -> card(failure.gpu()).ifPresent(card -> card.failed(failure));
      case Event.ForeignLimitFound foreign ->
          card(foreign.gpu()).ifPresent(card -> card.adopt(foreign.found(), foreign.at()));
      case Event.OverrideSet set ->
          card(set.gpu()).ifPresent(card -> card.override(set.limit(), set.until()));
      case Event.OverrideReleased released -> card(released.gpu()).ifPresent(Card::release);
      case Event.PolicyChosen chosen -> cards.forEach(Card::decideAtOnce);
      case Event.Resumed resumed -> cards.forEach(Card::resume);
      case Event.Progressed made ->
          card(made.gpu()).ifPresent(card -> card.progressed(Optional.of(made.progress())));
      case Event.JobEnded ended ->
          card(ended.gpu()).ifPresent(card -> card.progressed(Optional.empty()));
      case Event.OutlookChanged e -> {}
      case Event.TimePassed e -> {}
      case Event.Stopping e -> {}
      case Event.Paused e -> {}
    }
  }

  private void open(Event.GpuOpened opened) {
    card(opened.traits().id())
        .ifPresentOrElse(
            card -> card.reopened(opened),
            () -> {
              cards.add(new Card(rules, opened));
              cards.sort(Comparator.comparingInt(Card::index));
            });
  }

  private Optional<Card> card(GpuId id) {
    return cards.stream().filter(card -> card.id().equals(id)).findFirst();
  }

  /** Why {@code command} cannot be done; empty when {@link #on} would do it. */
  public Optional<Refusal> refusal(Event.Command command) {
    if (host.stopping()) {
      return refused(Cause.NOT_WRITABLE, "Chase is stopping");
    }
    return switch (command) {
      case Event.OverrideSet set ->
          card(set.gpu()).map(card -> refusal(set, card)).orElseGet(() -> unknown(set.gpu()));
      case Event.OverrideReleased released ->
          card(released.gpu()).isPresent() ? Optional.empty() : unknown(released.gpu());
      case Event.PolicyChosen e -> Optional.empty();
      case Event.Paused e -> Optional.empty();
      case Event.Resumed e -> Optional.empty();
    };
  }

  private Optional<Refusal> refusal(Event.OverrideSet set, Card card) {
    if (rules.mode() == Mode.OBSERVE) {
      return refused(Cause.NOT_WRITABLE, "Chase only observes (mode: observe)");
    }
    if (host.paused()) {
      return refused(Cause.NOT_WRITABLE, "Chase is paused; resume it first");
    }
    Optional<String> why = card.whyNotWritable();
    if (why.isPresent()) {
      return refused(Cause.NOT_WRITABLE, card.name() + " is not written: " + why.get());
    }
    PowerRange allowed = card.allowed().orElseThrow();
    if (!allowed.contains(set.limit())) {
      return refused(
          Cause.OUT_OF_RANGE,
          set.limit() + " is outside " + allowed + ", what Chase may set on " + card.name());
    }
    return set.until().isAfter(set.at())
        ? Optional.empty()
        : refused(Cause.OUT_OF_RANGE, "an override must end in the future, not at " + set.until());
  }

  private Optional<Refusal> unknown(GpuId gpu) {
    return refused(Cause.UNKNOWN_GPU, "no GPU " + gpu + " here; there are: " + Card.names(cards));
  }

  private static Optional<Refusal> refused(Cause cause, String message) {
    return Optional.of(new Refusal(cause, message));
  }

  /**
   * What the policy tells the job on {@code gpu}, and when it wants to be asked again; empty while
   * something else than the policy decides there. Call from the thread that calls {@link #on}.
   */
  public Optional<Advice> advice(GpuId gpu) {
    return card(gpu).flatMap(Card::advice);
  }

  /** The state after the last event; any thread may ask. */
  public Snapshot snapshot() {
    return snapshot;
  }

  private Snapshot snap() {
    return new Snapshot(
        host.at(),
        rules.mode(),
        host.paused(),
        host.policy(),
        host.outlook(),
        cards.stream().map(Card::view).toList());
  }
}
