package chase.daemon;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.core.domain.JavaModifier.SYNCHRONIZED;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import org.jline.utils.Signals;

/** Holds the arrows between the rooms, and what no room may do. */
@AnalyzeClasses(packages = "chase", importOptions = ArchitectureTest.MainCode.class)
class ArchitectureTest {
  /** Leaves out our tests, also those that come as a jar. */
  static final class MainCode implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return new DoNotIncludeTests().includes(location) && !location.contains("-tests.jar");
    }
  }

  /** The packages that every provider of carbon intensity uses; a provider has one of its own. */
  private static final String[] CARBON_SHARED = {
    "chase.carbon",
    "chase.carbon.forecast..",
    "chase.carbon.fallback..",
    "chase.carbon.plausibility..",
    "chase.carbon.history.."
  };

  /** What only Main may use, by the class that offers it. */
  private static final Map<String, Set<String>> FROM_MAIN =
      Map.of(
          "java.lang.System", Set.of("currentTimeMillis", "nanoTime"),
          "java.time.Instant", Set.of("now"),
          "java.time.LocalDateTime", Set.of("now"),
          "java.time.OffsetDateTime", Set.of("now"),
          "java.time.ZonedDateTime", Set.of("now"),
          "java.time.Clock", Set.of("systemUTC", "systemDefaultZone", "system"),
          "java.time.InstantSource", Set.of("system"),
          "io.vertx.core.Vertx", Set.of("vertx", "builder", "clusteredVertx"));

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().matching("chase.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule carbonKnowsNoGpuAndNoDaemon =
      none("chase.carbon..", "chase.zeus..", "chase.daemon..", "io.vertx..", "com.sun.jna..");

  @ArchTest
  static final ArchRule whatCarbonSharesKnowsNoProvider =
      noClasses()
          .that()
          .resideInAnyPackage(CARBON_SHARED)
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("chase.carbon..", "okhttp3..")
                  .and(not(resideInAnyPackage(CARBON_SHARED))));

  @ArchTest
  static final ArchRule zeusKnowsNoGridNoDaemonAndNoWeb =
      none(
          "chase.zeus..",
          "chase.carbon..",
          "chase.daemon..",
          "io.vertx..",
          "okhttp3..",
          "com.fasterxml.jackson..");

  @ArchTest
  static final ArchRule nativeCodeHasThreeDoors =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "chase.zeus.gpu.nvml..", "chase.daemon.systemd..", "chase.daemon.host..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("com.sun.jna..");

  @ArchTest
  static final ArchRule theHostIsReadWithoutTheDaemon =
      noClasses()
          .that()
          .resideInAPackage("chase.daemon.host..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("chase.carbon..")
          .orShould()
          .dependOnClassesThat(
              resideInAPackage("chase.daemon..").and(not(resideInAPackage("chase.daemon.host.."))));

  @ArchTest
  static final ArchRule batchSizesKnowNoEngineAndNoCard =
      none(
          "chase.daemon.batchsize..",
          "chase.daemon.control..",
          "chase.daemon.metrics..",
          "chase.zeus.engine..",
          "chase.zeus.gpu..");

  @ArchTest
  static final ArchRule databasesHaveFewDoors =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "chase.daemon.storage..", "chase.daemon.batchsize..", "chase.daemon.ledger..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.sql..", "org.sqlite..", "org.postgresql..");

  @ArchTest
  static final ArchRule onlySimulateSimulates =
      noClasses()
          .that()
          .resideOutsideOfPackages("chase.daemon.simulation..", "chase.daemon.cli.simulate..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("me.tongfei..", "chase.daemon.simulation..");

  /** The runtime that a package brings along has no java.desktop, a quarter of its size. */
  @ArchTest
  static final ArchRule nothingNeedsADesktop =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.awt..", "java.beans..", "javax.swing..", "javax.imageio..");

  @ArchTest
  static final ArchRule onlyTheCommandLineKnowsTerminals =
      noClasses()
          .that()
          .resideOutsideOfPackage("chase.daemon.cli..")
          .should()
          .dependOnClassesThat(
              resideInAPackage("org.jline..").and(not(equivalentTo(Signals.class))));

  @ArchTest
  static final ArchRule theCommandLineKnowsOnlyTheApi =
      noClasses()
          .that()
          .resideInAPackage("chase.daemon.cli")
          .should()
          .dependOnClassesThat(
              resideInAPackage("chase..")
                  .and(
                      resideOutsideOfPackages(
                          "chase.daemon.cli",
                          "chase.daemon.cli.live",
                          "chase.daemon.cli.manual",
                          "chase.daemon.cli.run",
                          "chase.daemon.cli.signal",
                          "chase.daemon.cli.view",
                          "chase.daemon.api",
                          "chase.daemon.text",
                          "chase.daemon.host",
                          "chase.carbon",
                          "chase.carbon.coverage",
                          "chase.carbon.history")));

  @ArchTest
  static final ArchRule unitsStandOnNothing =
      none(
          "chase.zeus.unit..",
          "chase.zeus.gpu..",
          "chase.zeus.profile..",
          "chase.zeus.policy..",
          "chase.zeus.batchsize..",
          "chase.zeus.writes..",
          "chase.zeus.engine..",
          "chase.zeus.replay..");

  @ArchTest
  static final ArchRule writesKnowLimitsAndNoReasons =
      noClasses()
          .that()
          .resideInAPackage("chase.zeus.writes..")
          .should()
          .dependOnClassesThat(
              resideInAPackage("chase.zeus..")
                  .and(
                      resideOutsideOfPackages(
                          "chase.zeus.writes", "chase.zeus.unit", "chase.zeus.gpu")));

  @ArchTest
  static final ArchRule gpusAndProfilesKnowNothingAbove =
      noClasses()
          .that()
          .resideInAnyPackage("chase.zeus.gpu..", "chase.zeus.energy..", "chase.zeus.profile..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "chase.zeus.policy..",
              "chase.zeus.batchsize..",
              "chase.zeus.engine..",
              "chase.zeus.replay..");

  @ArchTest
  static final ArchRule onlySimulatedCardsKnowProfiles =
      noClasses()
          .that()
          .resideInAnyPackage("chase.zeus.gpu", "chase.zeus.gpu.nvml..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("chase.zeus.profile..");

  @ArchTest
  static final ArchRule policiesAndBatchSizesKnowNothingAbove =
      noClasses()
          .that()
          .resideInAnyPackage(
              "chase.zeus.policy..", "chase.zeus.batchsize..", "chase.zeus.throughput..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("chase.zeus.engine..", "chase.zeus.replay..");

  @ArchTest
  static final ArchRule theEngineKnowsNoReplayAndNoDriver =
      none(
          "chase.zeus.engine..",
          "chase.zeus.replay..",
          "chase.zeus.gpu.nvml..",
          "chase.zeus.gpu.simulated..");

  @ArchTest
  static final ArchRule decidingNeedsNoWorld =
      noClasses()
          .that()
          .resideInAnyPackage(
              "chase.zeus.unit..",
              "chase.zeus.energy..",
              "chase.zeus.profile..",
              "chase.zeus.policy..",
              "chase.zeus.throughput..",
              "chase.zeus.batchsize..",
              "chase.zeus.writes..",
              "chase.zeus.engine..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "java.io..", "java.net..", "java.nio..", "java.util.concurrent..", "com.sun.jna..")
          .orShould()
          .dependOnClassesThat()
          .belongToAnyOf(Thread.class, Clock.class, InstantSource.class);

  @ArchTest
  static final ArchRule nobodyWaitsInLine =
      methods().should().notHaveModifier(SYNCHRONIZED).because("one thread owns each thing");

  @ArchTest
  static final ArchRule namesSayWhatAThingIs =
      noClasses()
          .should()
          .haveSimpleNameEndingWith("Manager")
          .orShould()
          .haveSimpleNameEndingWith("Helper")
          .orShould()
          .haveNameMatching(".*\\bUtils?$|.*[a-z]Utils?$")
          .orShould()
          .haveSimpleNameEndingWith("Impl")
          .orShould()
          .haveNameMatching(".*[.$](Abstract|Base(?!Url))[A-Z].*|.*Base$") // a base URL is a noun
          .orShould()
          .haveSimpleNameEndingWith("Data")
          .orShould()
          .haveSimpleNameEndingWith("Info")
          .orShould()
          .haveSimpleNameEndingWith("Handler");

  /** Calls, overloads of them and method references alike. */
  @ArchTest
  static final ArchRule timeAndVertxComeFromMain =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("chase.daemon.Main")
          .and()
          .resideOutsideOfPackage("chase.daemon.cli..")
          .should()
          .accessTargetWhere(
              DescribedPredicate.describe(
                  "is a clock of the system or makes a Vert.x",
                  access ->
                      FROM_MAIN
                          .getOrDefault(access.getTargetOwner().getName(), Set.of())
                          .contains(access.getTarget().getName())));

  @ArchTest
  static final ArchRule nobodySleeps =
      noClasses()
          .should()
          .callMethod(Thread.class, "sleep", long.class)
          .orShould()
          .callMethod(Thread.class, "sleep", Duration.class)
          .orShould()
          .callMethod(Thread.class, "sleep", long.class, int.class);

  private static ArchRule none(String room, String... strangers) {
    return noClasses()
        .that()
        .resideInAPackage(room)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(strangers);
  }
}
