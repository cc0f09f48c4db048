package chase.daemon.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The whole daemon at one moment: {@code GET /v1/status}. */
public record StatusBody(
    String version,
    Instant at,
    String mode,
    boolean paused,
    Optional<Instant> pausedSince,
    Optional<Instant> pausedUntil,
    String policy,
    Optional<Instant> policyUntil,
    Optional<List<String>> kept,
    HostBody host,
    DriverBody driver,
    Optional<List<String>> unanswered,
    Optional<List<String>> notRestored,
    SignalBody signal,
    Optional<ConfigBody> config,
    List<GpuBody> gpus) {
  /** How long a driver is released where nobody says it. */
  public static final String DEFAULT_RELEASE = "10m";

  /** Copies the lists. */
  public StatusBody {
    kept = kept.map(List::copyOf);
    unanswered = unanswered.map(List::copyOf);
    notRestored = notRestored.map(List::copyOf);
    gpus = List.copyOf(gpus);
  }

  /**
   * Pauses Chase or one GPU: {@code POST /v1/pause}, {@code POST /v1/gpus/GPU/pause}.
   *
   * @param lasting how long; until somebody resumes where it is absent
   */
  public record PauseRequest(@JsonProperty("for") Optional<String> lasting) {}

  /**
   * The configuration in force.
   *
   * @param loadedAt when it was read, at the start or by a reload
   * @param refused the last reload, where that was refused
   * @param waiting what the file has changed since and takes a restart
   */
  public record ConfigBody(
      Optional<String> file,
      Instant loadedAt,
      long reloads,
      long refusals,
      Optional<RefusedBody> refused,
      List<ChangeBody> waiting) {
    /** Copies the list. */
    public ConfigBody {
      waiting = List.copyOf(waiting);
    }

    /** A reload that changed nothing, and a line for each reason. */
    public record RefusedBody(Instant at, List<String> reasons) {
      /** Copies the list. */
      public RefusedBody {
        reasons = List.copyOf(reasons);
      }
    }

    /**
     * A key whose value differs.
     *
     * @param before the value in force, absent for none; of a secret only its place
     * @param after the value in the file
     * @param restart whether the value in force stays until a restart
     */
    public record ChangeBody(
        String key, Optional<Object> before, Optional<Object> after, boolean restart) {}

    /** A key, its value in force and where that comes from. */
    public record SettingBody(String key, Object value, String source) {}
  }

  /** What a reload did: {@code POST /v1/reload}. */
  public record ReloadBody(ConfigBody config, List<ConfigBody.ChangeBody> changed) {
    /** Copies the list. */
    public ReloadBody {
      changed = List.copyOf(changed);
    }
  }

  /** A GPU, and whether an override held it: {@code DELETE /v1/gpus/UUID/override}. */
  public record OverrideReleaseBody(@JsonUnwrapped GpuBody gpu, boolean overrideHeld) {}

  /** Every setting in force: {@code GET /v1/config}. */
  public record SettingsBody(ConfigBody config, List<ConfigBody.SettingBody> settings) {
    /** Copies the list. */
    public SettingsBody {
      settings = List.copyOf(settings);
    }
  }

  /**
   * The GPU driver; also the answer of {@code POST /v1/driver/release} and {@code POST
   * /v1/driver/reopen}.
   */
  public record DriverBody(String state, Optional<String> why, Optional<Instant> releasedUntil) {}

  /**
   * Restores all limits and closes the driver: {@code POST /v1/driver/release}.
   *
   * @param lasting how long, at most
   */
  public record ReleaseRequest(
      @JsonProperty(value = "for", defaultValue = "\"" + DEFAULT_RELEASE + "\"") String lasting) {}

  /** Who the daemon takes the caller for: {@code GET /v1/whoami}. */
  public record CallerBody(
      String user,
      Optional<Long> uid,
      Optional<Long> gid,
      List<Long> groups,
      Optional<Long> pid,
      Optional<String> role) {
    /** Copies the list. */
    public CallerBody {
      groups = List.copyOf(groups);
    }
  }

  /** The host's draw, which is part of every decision. */
  public record HostBody(double wattsPerGpu, String basis) {}
}
