package chase.carbon.neso;

import chase.carbon.Region;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A part of Great Britain as the API addresses it.
 *
 * @param region as the configuration writes it
 * @param selector the end of a regional path, such as {@code regionid/13}; empty for the nation
 */
public record NesoArea(Region region, Optional<String> selector) {
  /** The nation as a whole. */
  public static final String NATION = "GB";

  /** The API's regions, whose number is their place here, counted from 1. */
  private static final List<String> NAMES =
      List.of(
          "North Scotland",
          "South Scotland",
          "North West England",
          "North East England",
          "Yorkshire",
          "North Wales",
          "South Wales",
          "West Midlands",
          "East Midlands",
          "East England",
          "South West England",
          "South England",
          "London",
          "South East England",
          "England",
          "Scotland",
          "Wales");

  /**
   * Every name that {@link #of} knows, for suggestions; numbers and postcodes are taken besides.
   */
  public static List<String> names() {
    List<String> names = new ArrayList<>(NAMES);
    names.addFirst(NATION);
    return List.copyOf(names);
  }

  /**
   * The area that {@code region} means: {@code GB}, a region's number or name, or the first half of
   * a postcode such as {@code RG10}.
   *
   * @throws IllegalArgumentException when it is none of these
   */
  public static NesoArea of(Region region) {
    String word = region.code().strip();
    if (word.equalsIgnoreCase(NATION)) {
      return new NesoArea(region, Optional.empty());
    }
    if (word.matches("\\d{1,2}")) {
      return numbered(region, Integer.parseInt(word));
    }
    for (int place = 0; place < NAMES.size(); place++) {
      if (NAMES.get(place).equalsIgnoreCase(word)) {
        return numbered(region, place + 1);
      }
    }
    String postcode = word.toUpperCase(Locale.ROOT);
    if (postcode.matches("[A-Z]{1,2}\\d[A-Z\\d]?")) {
      return new NesoArea(region, Optional.of("postcode/" + postcode));
    }
    throw new IllegalArgumentException(
        Neso.PROVIDER
            + " region: must be GB, a number from 1 to 17, a region's name or the first half of a"
            + " postcode such as RG10, is "
            + word);
  }

  private static NesoArea numbered(Region region, int number) {
    if (number < 1 || number > NAMES.size()) {
      throw new IllegalArgumentException(
          Neso.PROVIDER + " region: numbers run from 1 to 17, is " + number);
    }
    return new NesoArea(region, Optional.of("regionid/" + number));
  }

  boolean isNation() {
    return selector.isEmpty();
  }

  /** The path of the running half hour. */
  String latest() {
    return selector.map(end -> "regional/" + end).orElse("intensity");
  }

  /** The path of a stretch of time, such as {@code 2026-01-01T00:00Z/fw48h}. */
  String stretch(String time) {
    return selector
        .map(end -> "regional/intensity/" + time + "/" + end)
        .orElse("intensity/" + time);
  }
}
