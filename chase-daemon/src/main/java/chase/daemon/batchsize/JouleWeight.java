package chase.daemon.batchsize;

import chase.daemon.grid.GridState;
import java.time.InstantSource;
import java.util.Locale;
import java.util.OptionalDouble;
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
  public OptionalDouble current(CostBasis cost) {
    GridState state = grid.get();
    return switch (cost) {
      case ENERGY -> OptionalDouble.of(1);
      case CARBON ->
          state.trustedAt(clock.instant())
              ? OptionalDouble.of(state.current().orElseThrow().value().value())
              : OptionalDouble.empty();
      case PRICE ->
          state
              .price()
              .filter(price -> price.trustedAt(clock.instant()))
              .flatMap(price -> price.current(clock.instant()))
              .map(price -> OptionalDouble.of(Math.max(0, price.value().value())))
              .orElseGet(OptionalDouble::empty);
    };
  }

  /** The signal that weighs 1; empty while there is none. */
  public OptionalDouble reference(CostBasis cost) {
    GridState state = grid.get();
    return switch (cost) {
      case ENERGY -> OptionalDouble.of(1);
      case CARBON -> state.reference();
      case PRICE ->
          state.price().isPresent() ? state.price().get().reference() : OptionalDouble.empty();
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
