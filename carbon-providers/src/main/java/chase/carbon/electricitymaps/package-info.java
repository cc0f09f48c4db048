/**
 * Electricity Maps' average intensity, v3 and v4. Never lets the provider guess the zone, and never
 * takes a sandbox's value for a real one.
 */
@NullMarked
package chase.carbon.electricitymaps;

import org.jspecify.annotations.NullMarked;
