package chase.zeus.gpu.nvml;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.ArrayList;
import java.util.List;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * The contract that every GPU keeps, tried on this host's driver by the tests themselves. They only
 * read.
 */
final class CardContract {
  private final List<String> failures = new ArrayList<>();
  private final List<String> skipped = new ArrayList<>();
  private int passed;

  private CardContract() {}

  static CardContract run() {
    CardContract contract = new CardContract();
    LauncherFactory.create()
        .execute(
            LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(RealNvmlGpuTest.class))
                .build(),
            contract.new Results());
    return contract;
  }

  int tests() {
    return passed + failures.size() + skipped.size();
  }

  void addTo(CardReport report) {
    report.section("Contract (`RealNvmlGpuTest`)");
    report.line(
        "%d tests: %d passed, %d failed, %d did not apply.",
        tests(), passed, failures.size(), skipped.size());
    failures.forEach(failure -> report.line("- failed: %s", failure));
    skipped.forEach(skip -> report.line("- did not apply: %s", skip));
    if (failures.isEmpty() && passed > 0) {
      report.phrase(CardReport.text("contract kept (%d of %d tests apply)", passed, tests()));
    } else {
      report.fault(
          CardReport.text("contract broken (%d of %d tests failed)", failures.size(), tests()));
    }
  }

  private final class Results implements TestExecutionListener {
    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      String why =
          result
              .getThrowable()
              .map(thrown -> test.getDisplayName() + ": " + line(thrown))
              .orElse("");
      switch (result.getStatus()) {
        case SUCCESSFUL -> passed += test.isTest() ? 1 : 0;
        case ABORTED -> skipped.add(why);
        // Also of the class, as where no driver is found.
        case FAILED -> failures.add(why);
      }
    }

    private static String line(Throwable thrown) {
      return String.valueOf(thrown.getMessage()).strip().replaceAll("\\s+", " ");
    }
  }
}
