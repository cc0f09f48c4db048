package chase.carbon.staticmean;

import chase.carbon.GramsPerKwh;
import chase.carbon.Region;
import chase.carbon.SignalKind.EmissionScope;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Year;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.MissingResourceException;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The means of 2024 by country as Ember estimates them (CC BY 4.0): life cycle, of what a country
 * generates, without imports. Countries without a figure for that year are missing.
 */
public final class YearlyMeans {
  private static final String FILE = "ember-2024.csv";
  private static final Year YEAR = Year.of(2024);
  private static final String SOURCE = "Ember, CC BY 4.0";

  private final List<CountryMean> rows;

  private record CountryMean(String alpha3, String name, double grams) {
    Optional<String> alpha2() {
      return Stream.of(Locale.getISOCountries())
          .filter(code -> alpha3Of(code).equals(Optional.of(alpha3)))
          .findFirst();
    }
  }

  private YearlyMeans(List<CountryMean> rows) {
    this.rows = rows;
  }

  /** Reads the figures, which come with Chase. */
  public static YearlyMeans read() {
    InputStream stream = Objects.requireNonNull(YearlyMeans.class.getResourceAsStream(FILE), FILE);
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      return new YearlyMeans(
          reader
              .lines()
              .filter(line -> !line.startsWith("#") && !line.startsWith("country,"))
              .map(YearlyMeans::row)
              .toList());
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private static CountryMean row(String line) {
    String[] columns = line.split(",", -1);
    return new CountryMean(columns[0], columns[1], Double.parseDouble(columns[2]));
  }

  /**
   * The mean of a country by its ISO 3166-1 code of two or three letters or its English name, in
   * any case; empty when there is no figure.
   */
  public Optional<YearlyMean> of(Region country) {
    String word = country.code().strip();
    String code = word.toUpperCase(Locale.ROOT);
    String alpha3 = code.length() == 2 ? alpha3Of(code).orElse(code) : code;
    return rows.stream()
        .filter(row -> row.alpha3().equals(alpha3) || row.name().equalsIgnoreCase(word))
        .findFirst()
        .map(row ->
            new YearlyMean(new GramsPerKwh(row.grams()), EmissionScope.LIFECYCLE, YEAR, SOURCE));
  }

  /** Every word that {@link #of} knows, for suggestions. */
  public List<String> names() {
    List<String> words = new ArrayList<>();
    for (CountryMean row : rows) {
      row.alpha2().ifPresent(words::add);
      words.add(row.alpha3());
      words.add(row.name());
    }
    return List.copyOf(words);
  }

  private static Optional<String> alpha3Of(String alpha2) {
    try {
      return Optional.of(Locale.of("", alpha2).getISO3Country());
    } catch (MissingResourceException noSuchCountry) {
      return Optional.empty();
    }
  }

  /**
   * What a kilowatt-hour emitted on average in a year, as its source estimates.
   *
   * @param value the mean
   * @param scope direct or lifecycle emissions
   * @param year which year
   * @param source whose figure it is
   */
  public record YearlyMean(GramsPerKwh value, EmissionScope scope, Year year, String source) {}
}
