"""Clicks through the pages of `leafproof serve` as compliance staff would, by roles and texts, and looks
at the letters and explanations for each audience. Each page is checked by axe-core (WCAG 2.2 AA).

Usage: pages.py PROGRAM [FOLDER-FOR-SCREENSHOTS]
"""

import importlib.util
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.expected_conditions import staleness_of
from selenium.webdriver.support.ui import Select, WebDriverWait

PROGRAM = os.path.abspath(sys.argv[1])
SCREENSHOTS = sys.argv[2] if len(sys.argv) > 2 else ""
EXAMPLE = Path("examples/german-credit").resolve()
LETTERS = Path("examples/letters").resolve()


def leafproof(folder, *arguments):
    subprocess.run([PROGRAM, *arguments], cwd=folder, check=True, capture_output=True)


def start_server(folder):
    sources = [str(EXAMPLE / name) for name in ("ruleset.xml", "model.xml", "pipeline.xml")]
    leafproof(folder, "publish", "--ledger", "bank.sqlite", *sources)
    later = (EXAMPLE / "ruleset.xml").read_text().replace('version="1.0.0"', 'version="1.1.0"', 1)
    (folder / "later.xml").write_text(later.replace("[300..550)", "[300..540)").replace(
        "[550..750)", "[540..750)"))
    requests = str(EXAMPLE / "applicants.jsonl")
    leafproof(folder, "decide", "instalment-credit", "--input", requests, "--ledger", "bank.sqlite")
    leafproof(folder, "publish", "--ledger", "bank.sqlite", "later.xml")
    server = subprocess.Popen(
        [PROGRAM, "serve", "--ledger", "bank.sqlite", "--port", "0"],
        cwd=folder, stdout=subprocess.PIPE, text=True)
    address = re.search(r"http://\S+", server.stdout.readline()).group().rstrip("/")
    return server, address


def start_browser(folder, *more):
    options = Options()
    options.binary_location = shutil.which("chromium")
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage",
                     "--window-size=1280,1400", *more):
        options.add_argument(argument)
    options.add_experimental_option("prefs", {"download.default_directory": str(folder)})
    return webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))


class Visit:
    """One browser on one server."""

    def __init__(self, driver, address):
        self.driver, self.address = driver, address

    def open(self, path):
        self.driver.get(self.address + path)

    def text(self, selector="main"):
        return self.driver.find_element(By.CSS_SELECTOR, selector).text

    def field(self, label):
        for found in self.driver.find_elements(By.TAG_NAME, "label"):
            if found.text == label:
                return self.driver.find_element(By.ID, found.get_attribute("for"))
        raise AssertionError(f"no field is labelled {label!r}")

    def press(self, name):
        for button in self.driver.find_elements(By.TAG_NAME, "button"):
            if button.text == name:
                return self.leave(button.click)
        raise AssertionError(f"no button {name!r}")

    def follow(self, text):
        self.leave(self.driver.find_element(By.LINK_TEXT, text).click)

    def leave(self, act):
        """Does what leads to another page, and waits until that is there."""
        page = self.driver.find_element(By.TAG_NAME, "html")
        act()
        # While one page takes another's place, the driver may fail to reach either.
        wait = WebDriverWait(self.driver, 20, ignored_exceptions=[WebDriverException])
        wait.until(staleness_of(page))
        wait.until(lambda d: d.execute_script("return document.readyState") == "complete")

    def shot(self, name):
        if SCREENSHOTS:
            os.makedirs(SCREENSHOTS, exist_ok=True)
            height = self.driver.execute_script("return document.documentElement.scrollHeight")
            self.driver.set_window_size(1280, min(height + 160, 4000))
            self.driver.save_screenshot(os.path.join(SCREENSHOTS, name + ".png"))
            self.driver.set_window_size(1280, 1400)


def check(condition, what):
    if not condition:
        raise AssertionError(what)


def check_structure(visit, language):
    """What a screen reader relies on: one main heading, landmarks, a label for each field."""
    driver = visit.driver
    check(len(driver.find_elements(By.TAG_NAME, "h1")) == 1, "one h1")
    check(len(driver.find_elements(By.TAG_NAME, "main")) == 1, "one main part")
    check(driver.find_element(By.TAG_NAME, "html").get_attribute("lang") == language, "a language")
    check(driver.title != "", "a title")
    for element in driver.find_elements(By.CSS_SELECTOR, "input, select, textarea"):
        if element.get_attribute("type") != "hidden":
            name = element.get_attribute("id")
            labels = driver.find_elements(By.CSS_SELECTOR, f'label[for="{name}"]')
            check(len(labels) == 1, f"the field {name} has a label")
    ids = [e.get_attribute("id") for e in driver.find_elements(By.CSS_SELECTOR, "[id]")]
    check(len(ids) == len(set(ids)), "no ID stands twice")


def check_contrast(visit):
    """WCAG 2.2, 1.4.3: text has a contrast of 4.5 or more against what lies behind it."""
    low = visit.driver.execute_script("""
      const rgb = c => c.match(/[\\d.]+/g).map(Number);
      const part = v => (v /= 255, v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
      const light = c => .2126 * part(c[0]) + .7152 * part(c[1]) + .0722 * part(c[2]);
      const back = e => { for (; e; e = e.parentElement) {
          const c = rgb(getComputedStyle(e).backgroundColor);
          if (c.length < 4 || c[3] > 0) return c; }
        return matchMedia('(prefers-color-scheme: dark)').matches ? [0,0,0] : [255,255,255]; };
      return [...document.querySelectorAll('body *')].filter(e =>
          [...e.childNodes].some(n => n.nodeType == 3 && n.textContent.trim())).map(e => {
        const a = light(rgb(getComputedStyle(e).color)), b = light(back(e));
        return [(Math.max(a, b) + .05) / (Math.min(a, b) + .05), e.textContent.slice(0, 40)];
      }).filter(p => p[0] < 4.5);""")
    check(low == [], f"contrast: {low}")


def axe_script():
    """axe-core's text, as the PyPI package axe-playwright-python carries it."""
    package = importlib.util.find_spec("axe_playwright_python")
    return (Path(package.origin).parent / "axe.min.js").read_text()


AXE = axe_script()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def check_axe(visit):
    """WCAG 2.2 A and AA as far as a program can tell, and what axe-core calls best practice."""
    # A page's policy forbids scripts; what the driver runs is not the page's.
    visit.driver.execute_script(AXE)
    found = visit.driver.execute_async_script("""
      const done = arguments[arguments.length - 1];
      axe.run(document, {runOnly: arguments[0]}).then(
        r => done([r.passes.length, r.violations.map(
          v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.html.slice(0, 120)).join(' | '))]),
        e => done([0, [String(e)]]));""", RULES)
    check(found[0] > 10, "axe-core looked at the page")
    check(found[1] == [], f"{visit.driver.current_url}: {found[1]}")


def look(visit, name, language="en"):
    check_structure(visit, language)
    check_contrast(visit)
    check_axe(visit)
    visit.shot(name)


def sign_in(visit, token):
    visit.open("/cases/GC-0002")
    look(visit, "sign-in")
    visit.field("Access token").send_keys("wrong")
    visit.press("Sign in")
    check("isn't the token" in visit.text(), "a wrong token is told")
    visit.field("Access token").send_keys(token)
    visit.press("Sign in")
    check(visit.driver.current_url.endswith("/cases/GC-0002"), "signing in leads on")


def search(visit):
    visit.open("/")
    look(visit, "search")
    Select(visit.field("Outcome")).select_by_visible_text("decline")
    visit.field("Leaf ID").send_keys("GRAY-LONG")
    visit.press("Search")
    look(visit, "found")
    rows = visit.driver.find_elements(By.CSS_SELECTOR, "tbody tr")
    check(rows and all("GRAY-LONG" in row.text for row in rows), "the search found its leaf")
    visit.follow("GC-0002")
    check(visit.text("h1") == "Case GC-0002", "a row leads to its case")


def in_first_screen(visit, texts, height=800):
    """Each text stands in an element that ends above `height`."""
    for text in texts:
        found = visit.driver.find_elements(
            By.XPATH, f"//*[self::p or self::li or self::h1 or self::h2][contains(., '{text}')]")
        check(found, f"the page says {text!r}")
        place = found[0].rect
        check(place["y"] + place["height"] < height, f"{text!r} is on the first screen")


def read(visit):
    look(visit, "case")
    in_first_screen(visit, [
        "declined", "The term is too long", "GRAY-LONG", "Verified: entry", "identical",
        "What would change it", "term: 36", "co-applicant instead of none", "Who to ask",
        "Instalment credit policy IC-1"])
    check("48 months" in visit.text(), "the path shows the value met")


def explanations(visit, folder):
    """The same case for each audience: in one screen what, why, what would change it, whom to ask."""
    needed = {
        "en": ["declined", "The term is too long", "What would change it", "term: 36",
               "co-applicant instead of none", "Who to ask"],
        "de": ["abgelehnt", "Die Laufzeit ist", "Was es ändern würde", "Laufzeit: 36",
               "Mitantragsteller statt keiner", "fragen"],
    }
    for audience in ("subject", "analyst", "court"):
        for language in ("en", "de"):
            name = f"{audience}-{language}"
            visit.open(
                f"/v1/decisions/GC-0002/explanation?audience={audience}&language={language}")
            look(visit, name, language)
            in_first_screen(visit, needed[language])
            style = visit.driver.execute_script(
                "return getComputedStyle(document.querySelector('main')).maxWidth")
            check(style != "none", f"{name}: the page's policy allows its own style")
    leafproof(folder, "explain", "GC-0002", "--ledger", "bank.sqlite", "--format", "html",
              "--audience", "subject", "--template", str(LETTERS / "letter-en.txt"),
              "--output", "letter.html")
    visit.driver.get((folder / "letter.html").as_uri())
    look(visit, "letter")


def what_if(visit):
    term = visit.field("term, months")
    term.clear()
    term.send_keys("24")
    visit.press("Try")
    check("approve instead of decline" in visit.text("#what-if-result"), "another outcome")
    check("48 → 24" in visit.text("#what-if-result"), "what was changed")
    look(visit, "what-if")
    term = visit.field("term, months")
    term.clear()
    term.send_keys("soon")
    visit.press("Try")
    check("It would be refused" in visit.text("#what-if-result"), "a refusal")


def download(visit, folder):
    visit.open("/cases/GC-0002")
    for name in ("Explanation (JSON)", "Receipt: the proof for this entry", "Ledger entry (JSON)"):
        visit.driver.find_element(By.LINK_TEXT, name).click()
    visit.driver.find_element(By.LINK_TEXT, "Letter to the subject (HTML)").click()
    files = ["explanation-GC-0002.json", "GC-0002.tlog-proof", "entry-4.json", "letter-GC-0002.html"]
    WebDriverWait(visit.driver, 10).until(
        lambda _: all((folder / name).exists() for name in files))
    check(json.loads((folder / files[0]).read_text())["case_id"] == "GC-0002", "the explanation")
    leafproof(folder, "verify", "--receipt", files[1], "--key", "bank.sqlite.key")


def rest(visit):
    visit.follow("Releases")
    look(visit, "releases")
    visit.follow("german-credit@1.0.0")
    look(visit, "ruleset")
    visit.open("/rulesets/german-credit/book?version=1.0.0")
    look(visit, "book")
    check("GRAY-LONG" in visit.text("body"), "the book has the leaves")
    visit.open("/rulesets/german-credit/difference?from=1.0.0&to=1.1.0")
    look(visit, "difference")
    check("540" in visit.text(), "the difference says for which inputs")
    visit.open("/rulesets/german-credit?version=1.0.0")
    visit.follow("GRAY-LONG")
    check("GC-0002" in visit.text(), "a leaf leads to its cases")
    visit.press("Sign out")
    visit.open("/")
    check(visit.text("h1") == "Sign in", "signing out ends the session")


def main():
    folder = Path(tempfile.mkdtemp(prefix="leafproof-browser-"))
    server, address = start_server(folder)
    driver = start_browser(folder)
    try:
        visit = Visit(driver, address)
        token = (folder / "bank.sqlite.token").read_text().strip()
        sign_in(visit, token)
        search(visit)
        read(visit)
        what_if(visit)
        download(visit, folder)
        explanations(visit, folder)
        visit.open("/")
        rest(visit)
        driver.quit()
        driver = start_browser(folder, "--blink-settings=preferredColorScheme=0")
        visit = Visit(driver, address)
        visit.open("/login")
        visit.field("Access token").send_keys(token)
        visit.press("Sign in")
        for name, path in (("dark-search", "/"), ("dark-case", "/cases/GC-0002")):
            visit.open(path)
            look(visit, name)
    finally:
        driver.quit()
        server.send_signal(signal.SIGTERM)
        ended = server.wait(timeout=20)
        shutil.rmtree(folder)
    check(ended == 0, "the server ends well")
    print("browser tests passed")


main()
