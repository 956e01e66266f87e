// What a person would trip over on the page that is open: returned as {overflow, small, faint, nameless}.
() => {
  const visible = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true });
  const hiddenFromSight = (element) => element.closest(".visually-hidden, .skip") !== null;
  const said = (element) => element.outerHTML.slice(0, 120).replace(/\s+/g, " ");

  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r / 255, g / 255, b / 255, a / 255];
  };
  const over = ([r, g, b, a], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a), 1];
  const ground = (element) => {
    if (!element) return [1, 1, 1, 1];
    const own = rgba(getComputedStyle(element).backgroundColor);
    return own[3] === 1 ? own : over(own, ground(element.parentElement));
  };
  const luminance = (colour) => {
    const [r, g, b] = colour.slice(0, 3).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, other) => {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };
  const isLarge = (style) => {
    const size = parseFloat(style.fontSize);
    return size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
  };

  const words = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !visible(element) || hiddenFromSight(element)) continue;
    if (element.closest("[disabled], svg, .hero h2")) continue;
    words.push(element);
  }
  const faint = [...new Set(words)].flatMap((element) => {
    const style = getComputedStyle(element);
    const below = ground(element);
    const ratio = contrast(over(rgba(style.color), below), below);
    return ratio < (isLarge(style) ? 3 : 4.5) ? [`${ratio.toFixed(2)} ${said(element)}`] : [];
  });

  const pressed = [...document.querySelectorAll("a[href], button, select, summary, input:not([type=hidden])")];
  const small = pressed.flatMap((element) => {
    if (!visible(element) || hiddenFromSight(element) || element.disabled) return [];
    if (getComputedStyle(element).display === "inline") return [];
    const target = element.matches("[type=radio], [type=checkbox]") ? element.closest("label, .check") ?? element : element;
    const { width, height } = target.getBoundingClientRect();
    return Math.min(width, height) < 44 - 0.5 ? [`${width.toFixed(0)}×${height.toFixed(0)} ${said(element)}`] : [];
  });

  const nameless = [...document.querySelectorAll("input:not([type=hidden]), select, textarea, button")].flatMap((element) => {
    const named = element.labels?.length || element.ariaLabel || element.textContent.trim() || element.matches("select[aria-label]");
    return named ? [] : [said(element)];
  });

  const overflow = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  return { overflow, small, faint, nameless };
};
