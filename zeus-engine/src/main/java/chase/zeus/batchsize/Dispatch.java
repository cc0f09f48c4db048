package chase.zeus.batchsize;

/**
 * The next run.
 *
 * @param study the study that knows of it
 * @param trial the run, with its batch size, its limits and why
 */
public record Dispatch(Study study, Trial trial) {}
