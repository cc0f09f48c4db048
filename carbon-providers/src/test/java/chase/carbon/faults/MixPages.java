package chase.carbon.faults;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The pages on which five American operators publish what feeds their grid, each in its form, of a
 * grid that has gas and nuclear power only.
 */
final class MixPages {
  static final Duration STEP = Duration.ofMinutes(5);
  static final ZoneId PACIFIC = ZoneId.of("America/Los_Angeles");
  static final ZoneId CENTRAL = ZoneId.of("America/Chicago");
  static final ZoneId EASTERN = ZoneId.of("America/New_York");
  static final ZoneId EASTERN_STANDARD = ZoneOffset.ofHours(-5);

  /** The whole lives of the two, as Chase counts them. */
  private static final double GAS = 490;

  private static final double NUCLEAR = 12;
  private static final double MEGAWATTS = 10_000;
  private static final double NO_INTENSITY = 1_000;

  private MixPages() {}

  /**
   * What feeds a grid.
   *
   * @param gas as an operator writes it, in MW; empty where it is missing
   * @param nuclear the same
   */
  record Mix(String gas, String nuclear) {
    /** The mix of an intensity, which may be missing, zero, or a thousand times what is true. */
    static Mix of(String number) {
      if (number.equals("null")) {
        return new Mix("", "");
      }
      double grams = Double.parseDouble(number);
      double unit = grams > NO_INTENSITY ? NO_INTENSITY : 1;
      double all = grams == 0 ? 0 : MEGAWATTS * unit;
      double gas = all * (grams / unit - NUCLEAR) / (GAS - NUCLEAR);
      return new Mix(text(gas), text(all - gas));
    }

    private static String text(double megawatts) {
      return String.format(Locale.ROOT, "%.6f", megawatts);
    }
  }

  /** A row that is over, in an operator's form. */
  interface MixRow {
    String of(Instant from, Mix mix);
  }

  private static String rows(List<Instant> rows, Function<Instant, String> number, MixRow row) {
    return rows.stream()
        .map(from -> row.of(from, Mix.of(number.apply(from))))
        .collect(Collectors.joining("\n"));
  }

  private static String local(Instant time, String pattern, ZoneId zone) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).withZone(zone).format(time);
  }

  static String caiso(List<Instant> today, Function<Instant, String> number) {
    return "Time,Nuclear,Natural Gas\n"
        + rows(
            today,
            number,
            (from, mix) -> local(from, "HH:mm", PACIFIC) + "," + mix.nuclear() + "," + mix.gas())
        + "\n";
  }

  static String nyiso(List<Instant> today, Function<Instant, String> number) {
    return "Time Stamp,Time Zone,Fuel Category,Gen MW\n"
        + rows(
            today,
            number,
            (from, mix) -> {
              String time = local(from.plus(STEP), "MM/dd/yyyy HH:mm:ss,'EST'", EASTERN);
              return time + ",Natural Gas," + mix.gas() + "\n" + time + ",Nuclear," + mix.nuclear();
            })
        + "\n";
  }

  static String spp(List<Instant> hours, Function<Instant, String> number) {
    return "GMT MKT Interval,Natural Gas Market,Gas Self,Nuclear Market,Nuclear Self\n"
        + rows(
            hours,
            number,
            (from, mix) ->
                "%s,%s,%s,%s,%s"
                    .formatted(
                        from.plus(STEP),
                        mix.gas(),
                        mix.gas().isEmpty() ? "" : "0",
                        mix.nuclear(),
                        mix.nuclear().isEmpty() ? "" : "0"))
        + "\n";
  }

  static String miso(List<Instant> intervals, Function<Instant, String> number) {
    String types =
        rows(
            intervals,
            number,
            (from, mix) -> {
              String start = local(from, "yyyy-MM-dd hh:mm:ss a", EASTERN_STANDARD);
              String form = "{\"INTERVALEST\":\"%s\",\"CATEGORY\":\"%s\",\"ACT\":\"%s\"}";
              return form.formatted(start, "Natural Gas", mix.gas())
                  + "\n"
                  + form.formatted(start, "Nuclear", mix.nuclear());
            });
    return "{\"RefId\":\"now\",\"TotalMW\":\"10000\",\"Fuel\":{\"Type\":["
        + types.replace("\n", ",")
        + "]}}";
  }

  static String ercot(List<Instant> days, Function<Instant, String> number) {
    String times =
        rows(
            days,
            number,
            (from, mix) ->
                "\"%s\":{\"Natural Gas\":{\"gen\":%s},\"Nuclear\":{\"gen\":%s}}"
                    .formatted(
                        local(from.minusSeconds(5), "yyyy-MM-dd HH:mm:ssZ", CENTRAL),
                        mix.gas().isEmpty() ? "null" : mix.gas(),
                        mix.nuclear().isEmpty() ? "null" : mix.nuclear()));
    return "{\"lastUpdated\":\"now\",\"data\":{\"today\":{" + times.replace("\n", ",") + "}}}";
  }
}
