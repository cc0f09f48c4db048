package chase.daemon.profiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chase.daemon.gpu.journal.StateException;
import chase.zeus.profile.Estimate;
import chase.zeus.profile.MeasuredProfile;
import chase.zeus.unit.Watts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProfileStoreTest {
  private static final Instant START = Instant.parse("2026-11-23T10:00:00Z");
  private static final JobFingerprint JOB = job("ResNet 50");
  private static final MeasuredProfile PROFILE =
      new MeasuredProfile(
          List.of(
              new MeasuredProfile.MeasuredPoint(
                  new Watts(150), new Estimate(12.5, 144.6, 2.1), new Estimate(12.5, 1.2, 0.06))));

  @TempDir Path state;
  private Instant now = START;
  private final List<String> said = new ArrayList<>();

  private static JobFingerprint job(String name) {
    return new JobFingerprint(name, "NVIDIA A100", 4, Optional.of(256));
  }

  private ProfileStore open(int most) throws StateException {
    return ProfileStore.open(state, most, () -> now, said::add);
  }

  private Path file(JobFingerprint job) {
    return state.resolve("profiles").resolve(job.fileName());
  }

  private List<String> files() throws IOException {
    try (Stream<Path> all = Files.list(state.resolve("profiles"))) {
      return all.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aFileHasTheNameThatEarlierVersionsGaveIt() {
    assertThat(new JobFingerprint("bert", "NVIDIA A100", 1, Optional.empty()).fileName())
        .isEqualTo("bert-f746b4ad5f886046.json");
    assertThat(new JobFingerprint("bert", "NVIDIA A100", 1, Optional.of(64)).fileName())
        .isEqualTo("bert-ae5c838241bdb852.json");
  }

  @Test
  void aProfileIsThereAfterARestart() throws Exception {
    open(10).save(JOB, PROFILE);
    assertThat(open(10).find(JOB).map(ProfileStore.SavedProfile::profile)).contains(PROFILE);
    assertThat(files()).containsExactly(JOB.fileName());
    assertThat(said).isEmpty();
  }

  @Test
  void aLaterProfileReplacesTheOneBefore() throws Exception {
    ProfileStore store = open(10);
    store.save(JOB, MeasuredProfile.EMPTY);
    store.save(JOB, PROFILE);
    assertThat(store.find(JOB).map(ProfileStore.SavedProfile::profile)).contains(PROFILE);
  }

  @Test
  void anotherBatchSizeModelOrCountIsAnotherJob() throws Exception {
    ProfileStore store = open(10);
    store.save(JOB, PROFILE);
    Stream.of(
            new JobFingerprint("ResNet 50", "NVIDIA A100", 4, Optional.empty()),
            new JobFingerprint("ResNet 50", "NVIDIA A100", 4, Optional.of(128)),
            new JobFingerprint("ResNet 50", "NVIDIA A100", 8, Optional.of(256)),
            new JobFingerprint("ResNet 50", "NVIDIA H100", 4, Optional.of(256)),
            job("ResNet-50"))
        .forEach(other -> assertThat(store.find(other)).as(other.toString()).isEmpty());
    assertThat(said).isEmpty();
  }

  @Test
  void aNameThatIsAPathStaysInTheStore() throws Exception {
    JobFingerprint odd = job("../../etc/passwd\u0000 x".repeat(20));
    open(10).save(odd, PROFILE);
    assertThat(open(10).find(odd).map(ProfileStore.SavedProfile::profile)).contains(PROFILE);
    assertThat(files()).singleElement().asString().matches("-etc-passwd-[-a-z0-9]+\\.json");
  }

  @Test
  void aDamagedFileIsMovedAsideAndReportedOnce() throws Exception {
    ProfileStore store = open(10);
    store.save(JOB, PROFILE);
    Files.writeString(file(JOB), "{\n  \"version\": 1,\n  \"jo");
    assertThat(store.find(JOB)).isEmpty();
    assertThat(store.find(JOB)).isEmpty();
    assertThat(said)
        .singleElement()
        .asString()
        .contains(file(JOB) + ":3: ")
        .endsWith("it is now " + JOB.fileName() + ".damaged");
    assertThat(files()).containsExactly(JOB.fileName() + ".damaged");
  }

  @Test
  void bytesThatAreNoTextAreDamageToo() throws Exception {
    ProfileStore store = open(10);
    Files.write(file(JOB), new byte[] {(byte) 0xff, 0, 1});
    assertThat(store.find(JOB)).isEmpty();
    assertThat(files()).containsExactly(JOB.fileName() + ".damaged");
  }

  @Test
  void aFileOfAnotherJobIsNotUsed() throws Exception {
    ProfileStore store = open(10);
    store.save(job("other"), PROFILE);
    Files.move(file(job("other")), file(JOB));
    assertThat(store.find(JOB)).isEmpty();
    assertThat(said).singleElement().asString().contains("this is the profile of other on 4 x");
  }

  @Test
  void aFileThatCannotBeReadIsReportedAndStays() throws Exception {
    ProfileStore store = open(10);
    Files.createDirectory(file(JOB));
    assertThat(store.find(JOB)).isEmpty();
    assertThat(said).singleElement().asString().startsWith("cannot read the profile " + file(JOB));
    assertThat(file(JOB)).exists();
  }

  @Test
  void beyondTheLimitTheOldestGo() throws Exception {
    ProfileStore store = open(2);
    for (String name : List.of("a", "b", "a", "c")) {
      store.save(job(name), PROFILE);
      now = now.plusSeconds(1);
    }
    assertThat(files()).containsExactly(job("a").fileName(), job("c").fileName());
  }

  @Test
  void filesSetAsideAndLeftoversCountAndOthersAreLeftAlone() throws Exception {
    ProfileStore store = open(1);
    Path directory = state.resolve("profiles");
    for (String name : List.of("x.json.damaged", "x.json.new", "README")) {
      Files.writeString(directory.resolve(name), "old");
      Files.setLastModifiedTime(directory.resolve(name), FileTime.from(START.minusSeconds(9)));
    }
    store.save(JOB, PROFILE);
    assertThat(files()).containsExactlyInAnyOrder("README", JOB.fileName());
  }

  @Test
  void theNewestStaysWhenTheClockGoesBack() throws Exception {
    ProfileStore store = open(1);
    store.save(job("first"), PROFILE);
    now = START.minusSeconds(3600);
    store.save(job("second"), PROFILE);
    assertThat(store.find(job("second")).map(ProfileStore.SavedProfile::profile)).contains(PROFILE);
    assertThat(files()).hasSize(1);
  }

  @Test
  void aStateDirectoryThatIsAFileIsRefused() throws Exception {
    Path file = Files.writeString(state.resolve("file"), "");
    assertThatThrownBy(() -> ProfileStore.open(file, 1, () -> now, said::add))
        .isInstanceOf(StateException.class)
        .hasMessageContaining(file.resolve("profiles").toString());
    assertThatIllegalArgumentException().isThrownBy(() -> open(0));
  }

  @Test
  void aFingerprintNamesAJob() {
    assertThat(JOB).hasToString("ResNet 50 on 4 x NVIDIA A100, batch size 256");
    assertThatIllegalArgumentException().isThrownBy(() -> job(" "));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new JobFingerprint("a", "b", 0, Optional.empty()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new JobFingerprint("a", "b", 1, Optional.of(0)));
  }
}
