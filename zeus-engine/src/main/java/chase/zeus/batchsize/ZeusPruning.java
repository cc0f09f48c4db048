package chase.zeus.batchsize;

import chase.zeus.batchsize.ZeusHistory.Observation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * Zeus's pruning exploration: round by round from the default downwards, then upwards, each
 * direction until a batch size does not reach the target; later rounds take those that did, from
 * the cheapest.
 *
 * @param next what is to be explored now; empty when the exploration is over
 * @param survivors what reached the target in the round before, rising
 */
record ZeusPruning(OptionalInt next, List<Integer> survivors) {

  static ZeusPruning of(StudySpec spec, ZeusHistory past) {
    Map<Integer, List<Observation>> explored =
        past.runs().stream()
            .filter(run -> run.trial().kind() == Trial.Kind.EXPLORATION)
            .collect(Collectors.groupingBy(run -> run.trial().batchSize()));
    List<Integer> batchSizes = spec.batchSizes();
    int start = spec.defaultBatchSize();
    for (int round = 0; round < spec.zeus().rounds(); round++) {
      List<Observation> good = new ArrayList<>();
      for (List<Integer> direction : directions(batchSizes, start)) {
        for (int batchSize : direction) {
          List<Observation> runs = explored.getOrDefault(batchSize, List.of());
          if (runs.size() <= round) {
            return new ZeusPruning(OptionalInt.of(batchSize), batchSizes);
          }
          Observation seen = runs.get(round);
          if (!seen.trial().reached()) {
            break;
          }
          good.add(seen);
        }
      }
      if (good.isEmpty()) {
        return new ZeusPruning(OptionalInt.empty(), List.of());
      }
      start =
          good.stream()
              .min(Comparator.comparingDouble(Observation::cost))
              .orElseThrow()
              .trial()
              .batchSize();
      batchSizes = good.stream().map(run -> run.trial().batchSize()).sorted().toList();
    }
    return new ZeusPruning(OptionalInt.empty(), batchSizes);
  }

  private static List<List<Integer>> directions(List<Integer> batchSizes, int start) {
    int middle = batchSizes.indexOf(start) + 1;
    return List.of(
        batchSizes.subList(0, middle).reversed(), batchSizes.subList(middle, batchSizes.size()));
  }
}
