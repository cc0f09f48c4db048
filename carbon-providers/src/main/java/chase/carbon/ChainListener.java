package chase.carbon;

/** Hears what a chain learns and decides. */
public interface ChainListener {
  /** A number was believed; called by the thread that polls, oldest number first. */
  void onValue(CarbonIntensity sample);

  /** The level or the provider changed; called once for each change, before anybody acts on it. */
  void onLevelChange(LevelChange change);
}
