package chase.daemon.metrics;

import static chase.daemon.metrics.Metric.counter;
import static chase.daemon.metrics.Metric.gauge;

import chase.daemon.ledger.JobTotals.EstimatedSaving;
import chase.daemon.ledger.JobTotals.JobTotal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** What each job used and emitted, and what was saved; nothing where no ledger is kept. */
final class JobUsageMetrics {
  static final List<Metric> ALL =
      List.of(
          counter(
              "chase_job_energy_joules_total",
              "Energy of the job's GPUs since Chase started.",
              scrape -> jobs(scrape).map(job -> sample(scrape, job, job.joules()))),
          counter(
              "chase_job_emissions_grams_total",
              "CO2 (equivalent) of the job's GPUs since Chase started, of the energy used while the"
                  + " signal was trusted; kind is that of the intensity.",
              scrape -> jobs(scrape).flatMap(job -> grams(scrape, job))),
          counter(
              "chase_job_steps_total",
              "Steps that the job did since Chase first saw it.",
              scrape ->
                  jobs(scrape)
                      .flatMap(
                          job -> job.steps().stream().map(steps -> sample(scrape, job, steps)))),
          gauge(
              "chase_compared_energy_joules",
              "Energy that the work took of which the saving is estimated.",
              each(saving -> Optional.of(saving.joules()))),
          gauge(
              "chase_compared_emissions_grams",
              "CO2 (equivalent) of the work of which the saving is estimated.",
              each(EstimatedSaving::grams)),
          gauge(
              "chase_estimated_saved_energy_joules",
              "Energy that the same work would have taken under another plan, minus what it took;"
                  + " estimated.",
              each(saving -> Optional.of(saving.savedJoules()))),
          gauge(
              "chase_estimated_saved_emissions_grams",
              "CO2 (equivalent) that the same work would have caused under another plan, minus what"
                  + " it caused; estimated.",
              each(EstimatedSaving::savedGrams)));

  private JobUsageMetrics() {}

  private static Stream<JobTotal> jobs(Scrape scrape) {
    return scrape.jobs().jobs().stream();
  }

  private static Stream<Sample> grams(Scrape scrape, JobTotal job) {
    return job.gramsByKind().entrySet().stream()
        .map(kind -> sample(scrape, job, kind.getValue(), "kind", kind.getKey()));
  }

  private static Sample sample(Scrape scrape, JobTotal job, double value, String... more) {
    List<String> labels =
        new ArrayList<>(
            List.of("job_id", job.id(), "name", job.name(), "user", scrape.shownUser(job.user())));
    labels.addAll(List.of(more));
    return Sample.of(value, labels.toArray(String[]::new));
  }

  private static Function<Scrape, Stream<Sample>> each(
      Function<EstimatedSaving, Optional<Double>> value) {
    return scrape ->
        scrape.jobs().savings().stream()
            .flatMap(saving ->
                value.apply(saving).stream()
                    .map(figure ->
                        Sample.of(figure, "against", saving.against(), "scope", saving.scope())));
  }
}
