package chase.daemon.bodies;

import chase.daemon.api.StatusBody.ConfigBody;
import chase.daemon.api.StatusBody.ConfigBody.ChangeBody;
import chase.daemon.api.StatusBody.ConfigBody.RefusedBody;
import chase.daemon.api.StatusBody.ConfigBody.SettingBody;
import chase.daemon.api.StatusBody.ReloadBody;
import chase.daemon.api.StatusBody.SettingsBody;
import chase.daemon.config.ConfigChanges.ConfigChange;
import chase.daemon.reload.ConfigState;
import java.util.List;

/** The configuration as JSON bodies; pure. */
public final class ConfigBodies {
  private ConfigBodies() {}

  /** What is in force, and how it came to be. */
  public static ConfigBody state(ConfigState state) {
    return new ConfigBody(
        state.source().map(source -> source.path().toString()),
        state.loadedAt(),
        state.reloads(),
        state.refusals(),
        state.refused().map(refused -> new RefusedBody(refused.at(), refused.reasons())),
        state.waiting().stream().map(ConfigBodies::change).toList());
  }

  /** What a reload did. */
  public static ReloadBody reload(ConfigState after, List<ConfigChange> changes) {
    return new ReloadBody(state(after), changes.stream().map(ConfigBodies::change).toList());
  }

  /** Every setting in force. */
  public static SettingsBody settings(ConfigState state) {
    return new SettingsBody(
        state(state),
        state.settings().stream()
            .map(one -> new SettingBody(one.key(), one.value(), one.source()))
            .toList());
  }

  private static ChangeBody change(ConfigChange change) {
    return new ChangeBody(change.key(), change.before(), change.after(), !change.onReload());
  }
}
