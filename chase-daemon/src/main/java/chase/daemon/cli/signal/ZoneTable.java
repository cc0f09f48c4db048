package chase.daemon.cli.signal;

import static chase.daemon.cli.view.Listing.ListColumn.words;

import chase.carbon.Region;
import chase.carbon.coverage.ProviderTerms;
import chase.carbon.coverage.ServedPlace;
import chase.carbon.coverage.ServedPlace.Offer;
import chase.daemon.cli.view.ColumnChoice;
import chase.daemon.cli.view.Listing;
import chase.daemon.cli.view.Listing.ListColumn;
import chase.daemon.cli.view.Table;
import chase.daemon.cli.view.TextLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Places and who serves them as text for a terminal. */
public final class ZoneTable {
  /** The table, a row for each place and provider. */
  public static final Listing<ZoneRow> LISTING =
      new Listing<>(
          List.of(
              words("place", "PLACE", ZoneRow::place).cutTo(12).keep(),
              words("provider", "PROVIDER", (ZoneRow row) -> row.offer().terms().provider()).keep(),
              words("region", "carbon.region", (ZoneRow row) -> codes(row.offer().carbon())).keep(),
              words("key", "KEY", carbon(ProviderTerms::key)).keep(),
              words("forecast", "FORECAST", carbon(ProviderTerms::forecast)),
              ListColumn.of("price", Table.text("PRICE"), ZoneTable::price),
              words("basis", "BASIS", carbon(ProviderTerms::basis)),
              words("step", "STEP", carbon(ProviderTerms::step)).wide(),
              words("licence", "LICENCE", (ZoneRow row) -> row.offer().terms().licence()).wide()));

  private ZoneTable() {}

  /**
   * One row.
   *
   * @param place its name; blank below the first row of the same place
   * @param offer what one provider has of it
   */
  public record ZoneRow(String place, Offer offer) {}

  /** A row for each provider of each place; then what to write for the first place. */
  public static String of(List<ServedPlace> places, TextLayout layout) {
    boolean usual = layout.columns() instanceof ColumnChoice.Usual && layout.headers();
    List<ZoneRow> rows = new ArrayList<>();
    for (ServedPlace place : places) {
      for (Offer offer : place.offers()) {
        boolean again = usual && !offer.equals(place.offers().getFirst());
        rows.add(new ZoneRow(again ? "" : place.name(), offer));
      }
    }
    String table = LISTING.render(rows, layout);
    Optional<String> lines = usual ? configuration(places.getFirst()) : Optional.empty();
    return table
        + lines
            .map(text -> places.size() == 1 ? text : "# " + places.getFirst().name() + "\n" + text)
            .map(text -> "\n\n" + text)
            .orElse("");
  }

  /** What makes Chase use the best provider of a place. */
  private static Optional<String> configuration(ServedPlace place) {
    return place.offers().stream()
        .filter(Offer::hasCarbon)
        .findFirst()
        .map(offer ->
            """
            carbon:
              provider: %s
              region: %s%s\
            """
                .formatted(
                    offer.terms().provider(),
                    offer.carbon().getFirst(),
                    credentials(offer.terms().provider())));
  }

  /** Where its key is read, as the example of the configuration has it. */
  private static String credentials(String provider) {
    List<String> keys =
        switch (provider) {
          case "pjm" -> List.of("key-file: /etc/chase/pjm.key");
          case "electricity-maps" -> List.of("token-file: /etc/chase/electricity-maps.token");
          case "watttime" ->
              List.of(
                  "username-file: /etc/chase/watttime.username",
                  "password-file: /etc/chase/watttime.password");
          default -> List.of();
        };
    return keys.isEmpty()
        ? ""
        : "\n  "
            + provider
            + ":"
            + String.join("", keys.stream().map(key -> "\n    " + key).toList());
  }

  /** A provider that has prices alone says nothing of carbon. */
  private static Function<ZoneRow, String> carbon(Function<ProviderTerms, String> cell) {
    return row -> row.offer().hasCarbon() ? cell.apply(row.offer().terms()) : "-";
  }

  /** A country of many bidding zones shows the first where the table is as usual. */
  private static String price(ZoneRow row, TextLayout layout) {
    List<Region> codes = row.offer().price();
    return layout.columns() instanceof ColumnChoice.Usual && codes.size() > 2
        ? codes.getFirst() + " +" + Integer.toString(codes.size() - 1)
        : codes(codes);
  }

  private static String codes(List<Region> regions) {
    return regions.isEmpty()
        ? "-"
        : regions.stream().map(Region::code).collect(Collectors.joining(", "));
  }
}
