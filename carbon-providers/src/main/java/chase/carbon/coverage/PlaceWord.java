package chase.carbon.coverage;

import chase.carbon.Region;
import chase.carbon.coverage.ServedPlace.Offer;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A word with which somebody looks for a place.
 *
 * @param plain in small letters without accents
 */
record PlaceWord(String plain) {
  private static final Pattern ACCENTS = Pattern.compile("\\p{M}+");
  private static final Pattern BETWEEN_WORDS = Pattern.compile("[^\\p{L}\\p{N}]+");

  PlaceWord {
    String typed = plain(plain.strip());
    plain = typed.equals("uk") ? "gb" : typed;
  }

  /** {@code text} in small letters without accents. */
  static String plain(String text) {
    return ACCENTS
        .matcher(Normalizer.normalize(text, Normalizer.Form.NFD))
        .replaceAll("")
        .toLowerCase(Locale.ROOT);
  }

  boolean isCodeOf(ServedPlace place) {
    return carbonCodes(place).anyMatch(plain::equals);
  }

  boolean isNameOf(ServedPlace place) {
    return plain(place.name()).equals(plain);
  }

  /** Whether the place has this code, or one inside it: DK has DK1 and DK-DK1, DE has DE-LU. */
  boolean isCodeOfOrAround(ServedPlace place) {
    return carbonCodes(place)
        .anyMatch(code ->
            code.equals(plain)
                || (!plain.isEmpty()
                    && code.startsWith(plain)
                    && code.substring(plain.length()).matches("[-_].*|\\d+")));
  }

  boolean isPriceCodeOf(ServedPlace place) {
    return place.codes().anyMatch(code -> plain(code.code()).equals(plain));
  }

  private static Stream<String> carbonCodes(ServedPlace place) {
    return place.offers().stream()
        .flatMap(offer -> offer.carbon().stream())
        .map(code -> plain(code.code()));
  }

  /** The place with all that was found of it; nothing where it is not meant. */
  Stream<ServedPlace> found(ServedPlace place) {
    boolean named = begins(place.name()) || place.codes().map(Region::code).anyMatch(this::begins);
    if (named) {
      return Stream.of(place);
    }
    List<Offer> ofProvider =
        place.offers().stream().filter(offer -> begins(offer.terms().provider())).toList();
    return ofProvider.isEmpty()
        ? Stream.empty()
        : Stream.of(new ServedPlace(place.name(), ofProvider));
  }

  /** Whether a word of {@code text}, and what follows it, begins with this one. */
  private boolean begins(String text) {
    String whole = plain(text);
    if (whole.startsWith(plain)) {
      return true;
    }
    return BETWEEN_WORDS
        .matcher(whole)
        .results()
        .anyMatch(gap -> whole.startsWith(plain, gap.end()));
  }
}
