package chase.carbon.forecast;

import java.time.Duration;

/**
 * How well one model did lately at one horizon.
 *
 * @param model who foresaw
 * @param horizon from the start of the newest slot then known to the start of the slot foreseen
 * @param errorRatio the mean of |truth - forecast| / truth, recent ones counting more
 * @param count how many forecasts were scored, ever
 * @param used whether this is what is used: the mix, to which all others only add
 */
public record ModelScore(
    ModelKind model, Duration horizon, double errorRatio, long count, boolean used) {}
