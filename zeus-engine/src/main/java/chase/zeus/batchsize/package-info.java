/**
 * Which batch size a recurring job trains with, and under which power limit: trials and their
 * reports in, the next trial out. A study is immutable and knows no clock, thread or I/O; its
 * random numbers come from its seed and the trial's number, so that it can be rebuilt from its
 * trials.
 */
@NullMarked
package chase.zeus.batchsize;

import org.jspecify.annotations.NullMarked;
