package chase.carbon.http;

import chase.carbon.CarbonProvider;
import chase.carbon.CarbonUnavailable;
import chase.carbon.ProviderCheck;
import chase.carbon.ProviderCheck.Ability;
import chase.carbon.Region;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds out what a provider lets this host do: tries one call, and where a key decides reads the
 * provider's list of what that covers.
 *
 * @param provider the provider
 * @param http how it is called
 */
public record AccessTrial(CarbonProvider provider, ProviderHttp http) {
  /** The call that is tried; what it returns does not matter. */
  public interface TrialCall {
    /** Makes the call. */
    void run() throws CarbonUnavailable, InterruptedException;
  }

  /**
   * What a key covers, as the provider lists it.
   *
   * @param abilities what the key allows in the provider's own region
   * @param regions the regions that the key covers
   */
  public record KeyCoverage(Set<Ability> abilities, List<Region> regions) {}

  /** Reads what a key covers. */
  public interface CoverageReader {
    /** Calls for the list. */
    KeyCoverage read() throws CarbonUnavailable, InterruptedException;
  }

  /**
   * Why a trial failed, in the light of the provider's lists.
   *
   * @param why the failure
   * @param regions the regions that may be used, where the provider lists them
   */
  public record Explained(CarbonUnavailable why, List<Region> regions) {}

  /** Looks for the cause of a failed trial. */
  public interface Explainer {
    /** The cause; a failure to find out leaves the trial's own. */
    Explained explain(CarbonUnavailable why) throws CarbonUnavailable, InterruptedException;
  }

  /** The check of a provider that needs no key: one call is enough. */
  public ProviderCheck withoutKey(TrialCall call) throws InterruptedException {
    return check(
        call,
        () -> new KeyCoverage(provider.abilities(), List.of()),
        why -> new Explained(why, List.of()));
  }

  /**
   * The check of a provider that lists what a key covers. The value for now was received before the
   * list is read, and counts even where the list does not name it.
   */
  public ProviderCheck check(TrialCall call, CoverageReader coverage, Explainer explainer)
      throws InterruptedException {
    try {
      call.run();
    } catch (CarbonUnavailable why) {
      return refused(why, explainer);
    }
    return granted(coverage);
  }

  private ProviderCheck granted(CoverageReader coverage) throws InterruptedException {
    var skew = http.clockSkew();
    Set<Ability> abilities = EnumSet.of(Ability.LATEST);
    List<Region> regions = List.of();
    try {
      KeyCoverage covered = coverage.read();
      abilities.addAll(covered.abilities());
      regions = covered.regions();
    } catch (CarbonUnavailable unlisted) {
      // What was received is allowed; the provider does not list the rest.
    }
    return ProviderCheck.granted(provider.provider(), provider.region(), abilities, regions, skew);
  }

  private ProviderCheck refused(CarbonUnavailable why, Explainer explainer)
      throws InterruptedException {
    Explained explained;
    try {
      explained = explainer.explain(why);
    } catch (CarbonUnavailable unlisted) {
      explained = new Explained(why, List.of());
    }
    return ProviderCheck.refused(
        provider.provider(),
        provider.region(),
        explained.why(),
        explained.regions(),
        Optional.empty());
  }
}
