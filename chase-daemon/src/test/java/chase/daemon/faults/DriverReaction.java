package chase.daemon.faults;

/** What Chase does about a fault. */
enum DriverReaction {
  NOT_CALLED("-"),
  GOES_ON("goes on"),
  FIGURE_ABSENT("a figure is absent"),
  REQUEST_FAILS("the request fails"),
  OBSERVED("only observed"),
  WRITE_REFUSED("not written until resumed"),
  WRITE_RETRIED("the write is tried again"),
  LEFT_ALONE("left alone"),
  NO_ANSWER("no answer, read again"),
  GPU_LOST("the GPU is opened again"),
  GPU_HANGS("the GPU hangs, until the call returns"),
  GPU_AWAITED("the GPU is waited for"),
  DRIVER_REOPENED("the driver is opened again"),
  DRIVER_AWAITED("the driver is waited for"),
  NO_START("Chase does not start"),
  BACK("limits are back"),
  BACK_BY_RESTORE("said; back by `chase restore`");

  private final String text;

  DriverReaction(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}
