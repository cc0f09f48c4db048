package chase.daemon.grid;

import chase.carbon.CarbonIntensity;
import chase.zeus.policy.EnergyOutlook;

/**
 * What the grid says now, as a number with its provenance and as what a joule weighs.
 *
 * @param now the number that came in
 * @param outlook the same as weights in gCO2/kWh
 */
public record CarbonOutlook(CarbonIntensity now, EnergyOutlook outlook) {}
