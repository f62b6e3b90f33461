/** @file What is on the screen as one PNG: the pictures with the marks over them. */

/** `root` holds the pictures (canvas) and their marks (svg). Rejects when the browser cannot draw. */
export async function snapshotOf(root: HTMLElement): Promise<Blob> {
  const outer = root.getBoundingClientRect();
  const ratio = devicePixelRatio;
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(outer.width * ratio);
  canvas.height = Math.round(outer.height * ratio);
  const context = canvas.getContext('2d')!;
  context.scale(ratio, ratio);
  context.fillStyle = '#0c0c0c';
  context.fillRect(0, 0, outer.width, outer.height);
  for (const picture of root.querySelectorAll('canvas')) {
    const { left, top, width, height } = picture.getBoundingClientRect();
    context.drawImage(picture, left - outer.left, top - outer.top, width, height);
  }
  for (const marks of root.querySelectorAll<SVGSVGElement>('.pane > svg')) {
    const { left, top, width, height } = marks.getBoundingClientRect();
    context.drawImage(await imageOf(marks), left - outer.left, top - outer.top, width, height);
  }
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('The picture could not be written.'))));
  });
}

const copied = [
  'fill',
  'stroke',
  'stroke-width',
  'paint-order',
  'font-size',
  'font-weight',
  'font-family',
  'opacity',
];

/** An SVG that is drawn as an image knows no style sheet: what it shows is written into it. */
async function imageOf(svg: SVGSVGElement): Promise<HTMLImageElement> {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const originals = svg.querySelectorAll<SVGElement>('*');
  copy.querySelectorAll<SVGElement>('*').forEach((element, n) => {
    const style = getComputedStyle(originals[n]!);
    for (const name of copied) element.style.setProperty(name, style.getPropertyValue(name));
  });
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  const url = URL.createObjectURL(new Blob([copy.outerHTML], { type: 'image/svg+xml' }));
  const image = new Image();
  image.src = url;
  await image.decode().finally(() => URL.revokeObjectURL(url));
  return image;
}
