package chase.daemon.text;

import chase.carbon.Region;
import chase.carbon.coverage.Coverage;
import chase.carbon.coverage.ServedPlace;
import chase.carbon.coverage.ServedPlace.Offer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Who serves a region, by the list that comes with Chase: what to write, or to write instead. */
public final class RegionAdvice {
  private final Coverage coverage = Coverage.known();

  /** What to write for a region that is configured without a provider. */
  public String withoutProvider(Region region) {
    Optional<ServedPlace> place = coverage.of(region);
    Optional<Offer> offer =
        place.stream().flatMap(one -> one.offers().stream()).filter(Offer::hasCarbon).findFirst();
    return offer
        .map(best -> what(best, place.orElseThrow()))
        .orElseGet(() ->
            "no provider is known to serve "
                + region
                + nearest(region).orElse("; 'chase signal zones' lists the regions"));
  }

  private static String what(Offer offer, ServedPlace place) {
    Region code = offer.carbon().getFirst();
    return "%s serves %s %s: write \"provider: %s\" and \"region: %s\" under carbon"
        .formatted(
            offer.terms().provider(),
            named(code, place),
            offer.terms().isKeyless() ? "without a key" : "with a key",
            offer.terms().provider(),
            code);
  }

  private static String named(Region code, ServedPlace place) {
    return code.code().equals(place.name()) ? place.name() : code + " (" + place.name() + ")";
  }

  /**
   * Who serves a region that the configured provider refused, such as {@code DE (Germany) is served
   * by energy-charts (no key)}; empty where nobody is known to.
   */
  public Optional<String> servedBy(Region refused) {
    return coverage
        .of(refused)
        .map(place ->
            named(refused, place)
                + " is served by "
                + place.offers().stream()
                    .filter(Offer::hasCarbon)
                    .map(offer -> described(offer, refused))
                    .collect(Collectors.joining(", ")))
        .filter(line -> !line.endsWith(" by "));
  }

  /** Who serves a region that was refused, or which one may have been meant. */
  public Optional<String> instead(Region refused) {
    return servedBy(refused).or(() -> nearest(refused).map(hint -> hint.substring(2)));
  }

  private static String described(Offer offer, Region wanted) {
    Region code = offer.carbon().getFirst();
    return "%s (%s%s)"
        .formatted(
            offer.terms().provider(),
            offer.terms().isKeyless() ? "no key" : offer.terms().key(),
            code.equals(wanted) ? "" : ", region " + code);
  }

  /** Such as {@code ; did you mean DE (Germany)?}: the nearest code or name of all. */
  private Optional<String> nearest(Region typed) {
    Map<String, String> words =
        coverage.words().stream()
            .collect(Collectors.toMap(RegionAdvice::lower, Function.identity(), (a, b) -> a));
    return Suggestions.nearest(lower(typed.code()), List.copyOf(words.keySet()))
        .map(words::get)
        .flatMap(word -> coverage.of(new Region(word)))
        .map(place -> "; did you mean " + named(firstCode(place), place) + "?");
  }

  private static Region firstCode(ServedPlace place) {
    return place.offers().stream()
        .flatMap(offer -> offer.carbon().stream())
        .findFirst()
        .orElseGet(() -> place.offers().getFirst().price().getFirst());
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
