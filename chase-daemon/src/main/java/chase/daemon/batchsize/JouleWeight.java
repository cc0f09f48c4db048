package chase.daemon.batchsize;

import chase.daemon.grid.GridState;
import chase.daemon.grid.PriceState;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The weight of a joule: 1 where energy itself counts, else the grid's carbon intensity (gCO2/kWh)
 * or price (money per MWh, 0 where it is negative). Any thread may call.
 *
 * @param grid the grid's current state
 * @param clock the daemon's clock
 */
public record JouleWeight(Supplier<GridState> grid, InstantSource clock) {
  /** The weight now; empty while no trusted signal is known. */
  public Optional<Double> current(CostBasis cost) {
    GridState state = grid.get();
    return switch (cost) {
      case ENERGY -> Optional.of(1.0);
      case CARBON ->
          state.trustedAt(clock.instant())
              ? Optional.of(state.current().orElseThrow().value().value())
              : Optional.empty();
      case PRICE ->
          state
              .price()
              .filter(price -> price.trustedAt(clock.instant()))
              .flatMap(price -> price.current(clock.instant()))
              .map(price -> Math.max(0, price.value().value()));
    };
  }

  /** The signal that weighs 1; empty while there is none. */
  public Optional<Double> reference(CostBasis cost) {
    GridState state = grid.get();
    return switch (cost) {
      case ENERGY -> Optional.of(1.0);
      case CARBON -> state.reference();
      case PRICE -> state.price().flatMap(PriceState::reference);
    };
  }

  /** What a recurring job's cost counts. */
  public enum CostBasis {
    /** Every joule weighs the same. */
    ENERGY,
    /** A joule weighs as much as the grid emits for it. */
    CARBON,
    /** A joule weighs as much as it is paid for. */
    PRICE;

    /** Such as {@code carbon}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
