"""What a shop's pictures weigh as they reach a browser, and whether anything moves while they come.

    python bench/pictures.py http://HOST:PORT [PATH ...]

Opens each page in Chromium as a telephone (390 by 844, two pixels a point) and as a desk (1280 by 800), scrolls to its
end, so that lazy pictures come too, and prints a Markdown table. Ends with 1 where a page's layout shifted.
"""

import sys
from dataclasses import dataclass

from playwright.sync_api import Browser, sync_playwright

SCREENS = {
    390: {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True},
    1280: {"viewport": {"width": 1280, "height": 800}, "device_scale_factor": 1},
}
SHIFTS = """
() => new Promise((done) => {
  const told = (list) => done(list.getEntries().reduce((sum, entry) => sum + entry.value, 0))
  new PerformanceObserver(told).observe({type: "layout-shift", buffered: true})
  setTimeout(() => done(0), 500)
})
"""
SCROLL = """
async () => {
  for (let y = 0; y < document.body.scrollHeight; y += 300) {
    scrollTo(0, y)
    await new Promise((next) => setTimeout(next, 60))
  }
}
"""


@dataclass(frozen=True)
class Weight:
    pictures: int
    at_first: int
    in_all: int
    kinds: str
    shift: float


def weigh(browser: Browser, address: str, width: int) -> Weight:
    """Bytes of pictures before scrolling and behind it, and the sum of the page's layout shifts."""
    page = browser.new_context(**SCREENS[width]).new_page()
    network, kinds, sizes = page.context.new_cdp_session(page), {}, {}
    network.on("Network.responseReceived", lambda e: kinds.update({e["requestId"]: e}))
    network.on("Network.loadingFinished", lambda e: sizes.update({e["requestId"]: e["encodedDataLength"]}))
    network.send("Network.enable")
    page.goto(address, wait_until="networkidle")
    at_first = _bytes(kinds, sizes)
    page.evaluate(SCROLL)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(500)
    shown = sorted({e["response"]["mimeType"] for e in kinds.values() if _is_picture(e)})
    weight = Weight(
        sum(map(_is_picture, kinds.values())), at_first, _bytes(kinds, sizes), ", ".join(shown), page.evaluate(SHIFTS)
    )
    page.context.close()
    return weight


def _is_picture(event: dict) -> bool:
    return event["type"] == "Image" and "/media/" in event["response"]["url"]


def _bytes(kinds: dict, sizes: dict) -> int:
    return sum(size for request, size in sizes.items() if request in kinds and _is_picture(kinds[request]))


def main(origin: str, paths: list[str]) -> int:
    shifted = False
    print("| page | px | pictures | KB at first | KB in all | kinds | layout shift |\n|---|---|---|---|---|---|---|")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        for path in paths:
            for width in SCREENS:
                it = weigh(browser, origin + path, width)
                shifted |= it.shift > 0
                told = f"{it.at_first / 1000:.0f} | {it.in_all / 1000:.0f} | {it.kinds} | {it.shift:.4f}"
                print(f"| {path} | {width} | {it.pictures} | {told} |", flush=True)
    return int(shifted)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1].rstrip("/"), sys.argv[2:] or ["/catalogue/", "/"]))
