package chase.carbon;

import chase.carbon.CarbonUnavailable.Reason;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/** Asks one provider of a chain when it is due, and keeps what is believed of its answers. */
final class LinkPoll {
  private static final System.Logger LOG = System.getLogger(LinkPoll.class.getPackageName());

  private final ChainLink link;
  private final PollPace pace;
  private final InstantSource clock;
  private final DoubleSupplier chance;
  private final PlausibilityGuard guard;
  private final GuardedSource source;
  private volatile LinkState state = LinkState.EMPTY;
  private volatile Asking number = Asking.NEVER;
  private volatile Asking forecast = Asking.NEVER;
  private final BugLog bugs = new BugLog(LOG);

  LinkPoll(ChainLink link, PollPace pace, InstantSource clock, DoubleSupplier chance) {
    this.link = link;
    this.pace = pace;
    this.clock = clock;
    this.chance = chance;
    this.guard = new PlausibilityGuard(link.signal());
    this.source = new GuardedSource(link.source(), guard, clock);
  }

  LinkState state() {
    return state;
  }

  /** Asks for the number for now where that is due; empty when it is not, or brought nothing. */
  Optional<CarbonIntensity> askNumber() throws InterruptedException {
    if (!number.due(clock.instant())) {
      return Optional.empty();
    }
    number = number.begun(clock.instant(), pace.pollPeriod());
    try {
      CarbonIntensity sample = source.current();
      Instant now = clock.instant();
      number = number.answered(now, pace.afterAnswer(sample, now, chance.getAsDouble()));
      state = state.with(sample);
      return Optional.of(sample);
    } catch (CarbonUnavailable failure) {
      number = number.failed(failure, clock.instant(), pace, chance.getAsDouble());
      return Optional.empty();
    } catch (RuntimeException bug) {
      number = number.failed(unhandled(bug), clock.instant(), pace, chance.getAsDouble());
      return Optional.empty();
    }
  }

  /** Asks for the forecast where there is one and it is due; empty as above. */
  Optional<List<CarbonIntensity>> askForecast() throws InterruptedException {
    if (link.forecast().isEmpty() || !forecast.due(clock.instant())) {
      return Optional.empty();
    }
    forecast = forecast.begun(clock.instant(), pace.pollPeriod());
    try {
      List<CarbonIntensity> ahead = plausible(link.forecast().get().ahead());
      Instant now = clock.instant();
      forecast = forecast.answered(now, pace.afterForecast(ahead.getFirst(), chance.getAsDouble()));
      state = state.withForecast(ahead);
      guard.expect(ahead);
      return Optional.of(ahead);
    } catch (CarbonUnavailable failure) {
      forecast = forecast.failed(failure, clock.instant(), pace, chance.getAsDouble());
      return Optional.empty();
    } catch (RuntimeException bug) {
      forecast = forecast.failed(unhandled(bug), clock.instant(), pace, chance.getAsDouble());
      return Optional.empty();
    }
  }

  /**
   * An answer that nobody foresaw costs that answer and no more: the other providers are asked, and
   * this one is asked again. The whole bug is logged once.
   */
  private CarbonUnavailable unhandled(RuntimeException bug) {
    String line =
        link.source().provider()
            + " "
            + link.source().region()
            + ": its answer could not be handled, which is a bug in Chase: "
            + bug;
    bugs.log("reading " + link.source().provider(), bug);
    return new CarbonUnavailable(Reason.MALFORMED, line);
  }

  private List<CarbonIntensity> plausible(List<CarbonIntensity> ahead) throws CarbonUnavailable {
    List<CarbonIntensity> fine = guard.plausible(ahead, clock.instant());
    if (fine.isEmpty()) {
      throw new CarbonUnavailable(
          Reason.IMPLAUSIBLE,
          link.source().provider() + ": a forecast without one plausible number");
    }
    return fine;
  }

  /** The number that was doubted, where the forecast that came since bears it out. */
  Optional<CarbonIntensity> reconsidered() {
    Instant now = clock.instant();
    Optional<CarbonIntensity> sample = guard.reconsidered(now);
    sample.ifPresent(believed -> {
      number = number.answered(now, pace.afterAnswer(believed, now, chance.getAsDouble()));
      state = state.with(believed);
    });
    return sample;
  }

  /** Takes in the past and tells what is believed of it. */
  List<CarbonIntensity> learn(List<CarbonIntensity> past) {
    List<CarbonIntensity> believed = guard.learn(past);
    for (CarbonIntensity sample :
        believed.subList(Math.max(0, believed.size() - 4), believed.size())) {
      state = state.with(sample);
    }
    return believed;
  }

  LinkMemory memory() {
    return new LinkMemory(
        state.recent(),
        number.askedAt(),
        number.restAcrossRestarts(),
        state.forecast(),
        forecast.askedAt(),
        forecast.restAcrossRestarts());
  }

  void remember(LinkMemory memory) {
    state = new LinkState(memory.recent(), memory.forecast());
    guard.expect(memory.forecast());
    number = Asking.remembered(memory.askedAt(), memory.notBefore());
    forecast = Asking.remembered(memory.forecastAskedAt(), memory.forecastNotBefore());
  }

  /** When there is something to ask, {@code now} or later. */
  Instant nextAsked(Instant now) {
    Instant next = number.dueAt(now);
    Instant ahead = link.forecast().isPresent() ? forecast.dueAt(now) : next;
    return ahead.isBefore(next) ? ahead : next;
  }

  LinkReport report() {
    return new LinkReport(
        link.source().provider(),
        link.source().region(),
        number.trouble(),
        forecast.trouble(),
        nextAsked(clock.instant()),
        guard.quarantine());
  }

  ChainLink link() {
    return link;
  }
}
