package chase.carbon.pjm;

import chase.carbon.Region;
import chase.carbon.ServedRegion;
import java.util.List;

/**
 * A part of PJM's grid.
 *
 * @param region its code, as the operator writes it
 * @param place its name in English
 * @param pnode the number of its pricing node, by which the operator keeps the marginal rate
 */
record PjmArea(Region region, String place, long pnode) {
  /** The whole grid. */
  static final String WHOLE = "PJM";

  private static final List<PjmArea> ALL =
      List.of(
          of(WHOLE, "from New Jersey to Illinois (PJM)", 1),
          of("AECO", "southern New Jersey (PJM)", 51_291),
          of("AEP", "Ohio, Virginia and West Virginia (PJM, American Electric)", 8_445_784),
          of("APS", "West Virginia and western Maryland (PJM, Allegheny)", 8_394_954),
          of("ATSI", "northern Ohio (PJM)", 116_013_753),
          of("BGE", "Baltimore (PJM)", 51_292),
          of("COMED", "Chicago (PJM)", 33_092_371),
          of("DAY", "Dayton (PJM)", 34_508_503),
          of("DEOK", "Cincinnati (PJM)", 124_076_095),
          of("DOM", "Virginia (PJM, Dominion)", 34_964_545),
          of("DPL", "Delaware (PJM)", 51_293),
          of("DUQ", "Pittsburgh (PJM)", 37_737_283),
          of("EKPC", "eastern Kentucky (PJM)", 970_242_670),
          of("JCPL", "central New Jersey (PJM)", 51_295),
          of("METED", "eastern Pennsylvania (PJM, Metropolitan Edison)", 51_296),
          of("PECO", "Philadelphia (PJM)", 51_297),
          of("PENELEC", "northern Pennsylvania (PJM)", 51_300),
          of("PEPCO", "Washington (PJM)", 51_298),
          of("PPL", "central Pennsylvania (PJM)", 51_299),
          of("PSEG", "northern New Jersey (PJM)", 51_301),
          of("RECO", "Rockland (PJM)", 7_633_629));

  private static PjmArea of(String code, String place, long pnode) {
    return new PjmArea(new Region(code), place, pnode);
  }

  static List<ServedRegion> served() {
    return ALL.stream().map(area -> new ServedRegion(area.region(), area.place())).toList();
  }

  /**
   * The area of that code.
   *
   * @throws IllegalArgumentException when there is none
   */
  static PjmArea named(Region region) {
    return ALL.stream()
        .filter(area -> area.region().equals(region))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                Pjm.PROVIDER + " region: must be PJM or one of its zones, is " + region));
  }

  boolean isWhole() {
    return region.code().equals(WHOLE);
  }
}
