package chase.zeus.engine;

import chase.zeus.engine.GpuView.Counts;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.GpuReading;
import chase.zeus.gpu.GpuTraits;
import chase.zeus.gpu.PowerLimits;
import chase.zeus.gpu.PowerRange;
import chase.zeus.policy.InForce;
import chase.zeus.policy.PowerPolicy;
import chase.zeus.policy.Progress;
import chase.zeus.profile.PowerProfile;
import chase.zeus.unit.Watts;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** What the engine knows of one GPU, and what it wants of it. Used by the engine's thread only. */
final class Card {
  /** A driver may round a limit by less than this; a larger difference is another writer's. */
  private static final double ROUNDING_WATTS = 1;

  private final Rules rules;
  private GpuTraits traits;
  private Optional<PowerProfile> profile;
  private Optional<PowerLimits> limits;
  private Optional<Watts> original;
  private Standing standing = new Standing.Free();
  private Optional<Order> pending = Optional.empty();

  /** The last order carried out, in case the driver rounds. */
  private Optional<Settled> settled = Optional.empty();

  /** Limits of orders that failed, but may have reached the card all the same. */
  private final Set<Long> doubtfulMilliwatts = new HashSet<>();

  private Optional<Held> override = Optional.empty();
  private Optional<Instant> changedAt = Optional.empty();
  private Optional<GpuReading> reading = Optional.empty();
  private EnergyMeter meter = EnergyMeter.NEW;
  private Counts counts = Counts.NONE;
  private Optional<Progress> progress = Optional.empty();
  private Optional<PowerPolicy> policy = Optional.empty();
  private Wish wish = new Wish(Optional.empty(), new Reason.Unwritable("not decided yet"));

  private record Held(Watts limit, Instant until) {}

  /** What was asked of the card and what it made of it. */
  private record Settled(Watts asked, Watts got) {}

  Card(Rules rules, Event.GpuOpened opened) {
    this.rules = rules;
    this.traits = opened.traits();
    this.profile = opened.profile();
    this.limits = opened.limits();
    this.original = limits.map(PowerLimits::requested);
  }

  GpuId id() {
    return traits.id();
  }

  int index() {
    return traits.index();
  }

  /** The driver came back: a limit that is not ours any more is what was found now. */
  void reopened(Event.GpuOpened opened) {
    boolean ours =
        opened.limits().isPresent()
            && limits.isPresent()
            && (isKnown(opened.limits().get().requested())
                || isDoubtful(opened.limits().get().requested()));
    traits = opened.traits();
    profile = opened.profile();
    limits = opened.limits();
    original = ours ? original : limits.map(PowerLimits::requested);
    standing = new Standing.Free();
    pending = Optional.empty();
    doubtfulMilliwatts.clear();
  }

  void read(Event.ReadingTaken taken) {
    reading = Optional.of(taken.reading());
    meter = meter.after(taken.reading(), taken.at());
    taken.reading().limits().ifPresent(seen -> see(seen, taken.at()));
  }

  /** Compares the limits that a card shows with those that Chase knows. */
  private void see(PowerLimits seen, Instant at) {
    boolean onItsWay = pending.isPresent() && seen.requested().sameLimitAs(pending.get().limit());
    if (onItsWay) {
      return;
    }
    if (limits.isEmpty() || isKnown(seen.requested()) || isDoubtful(seen.requested())) {
      limits = Optional.of(seen);
    } else {
      adopt(seen, at);
    }
  }

  private boolean isKnown(Watts requested) {
    return limits.isPresent() && limits.get().requested().sameLimitAs(requested);
  }

  private boolean isDoubtful(Watts requested) {
    return doubtfulMilliwatts.contains(requested.toMilliwatts());
  }

  /** Somebody else set the limit: theirs is the one to put back, and the card is left alone. */
  void adopt(PowerLimits theirs, Instant at) {
    limits = Optional.of(theirs);
    original = Optional.of(theirs.requested());
    pending = Optional.empty();
    doubtfulMilliwatts.clear();
    settled = Optional.empty();
    standing = new Standing.HandsOff(theirs.requested(), at.plus(rules.handsOff()));
    counts = counts.plusForeign();
  }

  void applied(Event.LimitApplied applied) {
    Optional<Order> order = pending;
    pending = Optional.empty();
    doubtfulMilliwatts.clear();
    counts = counts.plusApplied();
    double difference =
        order
            .map(o -> Math.abs(o.limit().value() - applied.readBack().requested().value()))
            .orElse(0.0);
    if (difference >= ROUNDING_WATTS) {
      adopt(applied.readBack(), applied.at());
      return;
    }
    limits = Optional.of(applied.readBack());
    settled = order.map(o -> new Settled(o.limit(), applied.readBack().requested()));
    changedAt = Optional.of(applied.at());
    standing = new Standing.Free();
  }

  void failed(Event.LimitFailed failure) {
    doubtfulMilliwatts.add(failure.limit().toMilliwatts());
    pending = Optional.empty();
    boolean passing =
        switch (failure.kind()) {
          case RETRY, REOPEN -> true;
          case REFUSED, LOST -> false;
        };
    counts = passing ? counts.plusFailed() : counts.plusRefused();
    standing =
        passing ? Standing.Retrying.after(standing, failure, rules) : Standing.forGood(failure);
  }

  void lost(String why) {
    standing = new Standing.Lost(why);
    pending = Optional.empty();
  }

  void override(Watts limit, Instant until) {
    override = Optional.of(new Held(limit, until));
  }

  /** The policy decides again, at once: an operator's wish does not wait for the dwell. */
  void release() {
    override = Optional.empty();
    changedAt = Optional.empty();
  }

  /** The next change need not wait for the dwell. */
  void decideAtOnce() {
    changedAt = Optional.empty();
  }

  /** Whatever kept Chase off this card is forgotten, unless the card is gone. */
  void resume() {
    if (!(standing instanceof Standing.Lost)) {
      standing = new Standing.Free();
    }
    changedAt = Optional.empty();
  }

  void progressed(Optional<Progress> counted) {
    progress = counted;
  }

  Optional<Progress> progress() {
    return progress;
  }

  /** The policy for this card alone. */
  Optional<PowerPolicy> policy() {
    return policy;
  }

  void choose(Optional<PowerPolicy> chosen) {
    policy = chosen;
  }

  /**
   * Decides what the card should have; {@link #order} and {@link #view} go by it.
   *
   * @param decided what a policy wants, asked only if the card {@link #followsPolicy}; without a
   *     limit the one found is meant
   */
  void decide(Host host, Supplier<Wish> decided) {
    wish = wish(host, decided);
  }

  /** Time passed: what ran out is forgotten. */
  void settle(Instant at) {
    override = override.filter(o -> at.isBefore(o.until()));
    if (standing instanceof Standing.HandsOff handsOff && !at.isBefore(handsOff.until())) {
      standing = new Standing.Free();
    }
  }

  /** The limits that Chase may set; empty when it may set none. */
  Optional<PowerRange> allowed() {
    if (traits.unwritable().isPresent() || traits.powerRange().isEmpty() || original.isEmpty()) {
      return Optional.empty();
    }
    PowerRange range = traits.powerRange().get();
    Watts found = original.get();
    if (!range.contains(found)) {
      return Optional.empty();
    }
    // Rounded up to the driver's own step, so that the floor holds to the milliwatt.
    Watts floor =
        Watts.ofMilliwatts((long) Math.ceil(found.value() * rules.floorRatio() * 1000 - 1e-6));
    return Optional.of(new PowerRange(range.min().max(floor).min(found), found));
  }

  /** The order that brings the card to where it should be, if one is due. */
  Optional<Order> order(Host host) {
    boolean quiet =
        rules.mode() == Mode.OBSERVE
            || pending.isPresent()
            || wish.limit().isEmpty()
            || limits.isEmpty()
            || (standing instanceof Standing.Retrying retrying
                && host.at().isBefore(retrying.until())
                && !host.stopping());
    if (quiet || isThere(wish.limit().orElseThrow())) {
      return Optional.empty();
    }
    pending =
        Optional.of(
            new Order(
                id(),
                wish.limit().orElseThrow(),
                limits.orElseThrow().requested(),
                original.orElseThrow()));
    return pending;
  }

  private boolean isThere(Watts wish) {
    return isKnown(wish)
        || settled.filter(s -> s.asked().sameLimitAs(wish) && isKnown(s.got())).isPresent();
  }

  private Wish wish(Host host, Supplier<Wish> decided) {
    return switch (standing) {
      case Standing.Lost lost -> new Wish(Optional.empty(), new Reason.Lost(lost.why()));
      case Standing.Refused refused -> new Wish(current(), new Reason.Refused(refused.why()));
      case Standing.HandsOff handsOff when !host.stopping() && !host.paused() ->
          new Wish(current(), new Reason.HandsOff(handsOff.foreign(), handsOff.until()));
      case Standing.Retrying retrying when host.at().isBefore(retrying.until()) ->
          new Wish(
              free(host, decided).limit(), new Reason.Retrying(retrying.why(), retrying.until()));
      case Standing.Retrying r -> free(host, decided);
      case Standing.HandsOff h -> free(host, decided);
      case Standing.Free f -> free(host, decided);
    };
  }

  private Wish free(Host host, Supplier<Wish> decided) {
    Optional<PowerRange> allowed = allowed();
    if (allowed.isEmpty()) {
      return new Wish(Optional.empty(), new Reason.Unwritable(whyNotAllowed()));
    }
    if (host.stopping()) {
      return new Wish(original, new Reason.Stopping());
    }
    if (host.paused()) {
      return new Wish(original, new Reason.Paused());
    }
    if (override.isPresent()) {
      return new Wish(
          Optional.of(allowed.get().clamp(override.get().limit())),
          new Reason.Overridden(override.get().until()));
    }
    return fitted(decided.get(), allowed.get());
  }

  /** Whether a policy decides about the card now, and not its state or an operator. */
  boolean followsPolicy(Host host) {
    boolean free =
        switch (standing) {
          case Standing.Free f -> true;
          case Standing.Retrying r -> true;
          case Standing.HandsOff h -> false;
          case Standing.Refused r -> false;
          case Standing.Lost l -> false;
        };
    return free
        && !host.stopping()
        && !host.paused()
        && override.isEmpty()
        && allowed().isPresent();
  }

  /** The card's case before a policy; only for a card that {@link #followsPolicy}. */
  Hearing hearing(Host host) {
    return new Hearing(
        host,
        allowed().orElseThrow(),
        profile,
        current().map(limit -> new InForce(limit, changedAt)),
        changedAt.map(changed -> changed.plus(rules.minimumDwell())),
        this::isThere);
  }

  /** What a policy decided, as it fits this card. */
  private Wish fitted(Wish decided, PowerRange allowed) {
    return decided.limit().isEmpty()
        ? new Wish(original, decided.reason())
        : new Wish(decided.limit().map(allowed::clamp), decided.reason(), decided.advice());
  }

  Optional<Advice> advice() {
    return wish.advice();
  }

  /** Whether the card was asked for {@code limit} or more. */
  boolean hasAtLeast(Watts limit) {
    return current().filter(now -> now.value() > limit.value() - ROUNDING_WATTS).isPresent();
  }

  String model() {
    return traits.model();
  }

  boolean isLost() {
    return standing instanceof Standing.Lost;
  }

  private Optional<Watts> current() {
    return limits.map(PowerLimits::requested);
  }

  private String whyNotAllowed() {
    return traits
        .unwritable()
        .orElseGet(() ->
            original.isPresent() && traits.powerRange().isPresent()
                ? "the limit found, "
                    + original.get()
                    + ", lies outside the card's own range, "
                    + traits.powerRange().get()
                : "the card tells no power limit");
  }

  /** Why a limit could not be set on this card by hand; empty when it could. */
  Optional<String> whyNotWritable() {
    return switch (standing) {
      case Standing.Lost lost -> Optional.of("the GPU is lost: " + lost.why());
      case Standing.Refused refused -> Optional.of("writes were refused: " + refused.why());
      case Standing.HandsOff h -> Optional.of("somebody else set its limit to " + h.foreign());
      case Standing.Retrying r -> absent(allowed());
      case Standing.Free f -> absent(allowed());
    };
  }

  private Optional<String> absent(Optional<PowerRange> allowed) {
    return allowed.isPresent() ? Optional.empty() : Optional.of(whyNotAllowed());
  }

  GpuView view() {
    return new GpuView(
        traits,
        original,
        allowed(),
        wish.limit(),
        wish.reason(),
        limits,
        pending.isPresent(),
        profile,
        reading,
        meter.readAt(),
        meter.energy(),
        counts);
  }

  /** A line such as {@code GPU 0 (GPU-...)}, for messages. */
  String name() {
    return "GPU " + traits.index() + " (" + traits.id() + ")";
  }
}
