/** @file The threshold that parts bright from dark best. */

/**
 * Otsu's threshold of the finite values: foreground is what lies above it. 256 bins from the smallest to the largest value;
 * the threshold is the middle of a bin, as scikit-image's `threshold_otsu` returns for floating-point images.
 * A constant image returns its value; one without finite values returns 0.
 *
 * source  Otsu 1979, "A threshold selection method from gray-level histograms"
 */
export function otsuThreshold(values: Float32Array, binCount = 256): number {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value - value !== 0) continue;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  if (!(most > least)) return least === most ? least : 0;
  const histogram = histogramOf(values, { least, most, binCount });
  const width = (most - least) / binCount;
  return least + (bestSplit(histogram) + 0.5) * width;
}

/** Counts of finite values in equal bins; the largest value falls into the last bin. */
export function histogramOf(
  values: Float32Array,
  { least, most, binCount }: { least: number; most: number; binCount: number },
): Float64Array {
  const histogram = new Float64Array(binCount);
  const scale = binCount / (most - least);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!(value >= least && value <= most)) continue;
    const bin = Math.min(Math.floor((value - least) * scale), binCount - 1);
    histogram[bin] = histogram[bin]! + 1;
  }
  return histogram;
}

/** The bin after which to cut: largest ω₁ · ω₂ · (μ₁ − μ₂)², the first of equals. */
function bestSplit(histogram: Float64Array): number {
  let total = 0;
  let moment = 0;
  for (const [bin, count] of histogram.entries()) {
    total += count;
    moment += count * bin;
  }
  let below = 0;
  let momentBelow = 0;
  let best = 0;
  let bestVariance = -1;
  for (let bin = 0; bin < histogram.length - 1; bin++) {
    below += histogram[bin]!;
    momentBelow += histogram[bin]! * bin;
    const above = total - below;
    if (below === 0 || above === 0) continue;
    const gap = momentBelow / below - (moment - momentBelow) / above;
    const variance = below * above * gap * gap;
    if (variance > bestVariance) {
      bestVariance = variance;
      best = bin;
    }
  }
  return best;
}
