package chase.carbon.fuelmix;

import chase.carbon.PlainLine;
import chase.carbon.SignalKind.EmissionScope;
import java.lang.System.Logger.Level;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The intensity of a mix: the sum of power times emission factor over the sum of power, of
 * everything that feeds the grid.
 *
 * <ul>
 *   <li>Storage is left out both ways. What a battery takes is no generation, and what it gives
 *       back was counted when it was generated.
 *   <li>Imports count at a fixed factor ({@link Fuel#IMPORTS}). Negative imports are exports and
 *       left out, not subtracted: what leaves is of the same mix, and does not change it.
 *   <li>Plants with a negative number feed their own needs from the grid and are left out.
 *   <li>A fuel without a factor counts as {@link Fuel#OTHER}, and is logged once.
 * </ul>
 */
public final class MixArithmetic {
  private static final System.Logger LOG = System.getLogger(MixArithmetic.class.getPackageName());

  /** A page of nonsense must not fill the log. */
  private static final int MOST_LOGGED = 20;

  private final String subject;
  private final EmissionScope scope;
  private final Set<String> logged = ConcurrentHashMap.newKeySet();

  /**
   * The arithmetic for one grid.
   *
   * @param subject provider and region, as messages begin
   * @param scope which of the two factors of each fuel counts
   */
  public MixArithmetic(String subject, EmissionScope scope) {
    this.subject = subject;
    this.scope = scope;
    if (scope == EmissionScope.UNSTATED) {
      throw new IllegalArgumentException(subject + " scope: must be lifecycle or direct");
    }
  }

  /** The intensity in gCO2eq/kWh; empty where nothing feeds the grid. */
  public OptionalDouble grams(MixSample mix) {
    double megawatts = 0;
    double grams = 0;
    for (Map.Entry<String, Double> plants : mix.megawatts().entrySet()) {
      Fuel fuel = fuel(plants.getKey());
      double power = plants.getValue();
      if (fuel != Fuel.STORAGE && power > 0) {
        megawatts += power;
        grams += power * fuel.grams(scope);
      }
    }
    return megawatts > 0 ? OptionalDouble.of(grams / megawatts) : OptionalDouble.empty();
  }

  private Fuel fuel(String word) {
    return Fuel.named(word)
        .orElseGet(() -> {
          log(word);
          return Fuel.OTHER;
        });
  }

  private void log(String word) {
    if (logged.size() < MOST_LOGGED && logged.add(word)) {
      LOG.log(
          Level.WARNING,
          String.format(
              Locale.ROOT,
              "%s: a fuel that Chase does not know, %s, counts as other (%.0f gCO2/kWh)",
              subject,
              PlainLine.quote(word),
              Fuel.OTHER.grams(scope)));
    }
  }
}
