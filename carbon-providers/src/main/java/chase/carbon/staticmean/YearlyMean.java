package chase.carbon.staticmean;

import chase.carbon.GramsPerKwh;
import chase.carbon.SignalKind.Scope;
import java.time.Year;

/**
 * What a kilowatt-hour emitted on average of a year; an estimate, whoever made it.
 *
 * @param value the mean
 * @param scope direct or lifecycle emissions
 * @param year which year
 * @param source whose figure it is
 */
public record YearlyMean(GramsPerKwh value, Scope scope, Year year, String source) {}
