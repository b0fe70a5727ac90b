from tests.channels.widget.browsing import *
pytestmark = BROWSER
OUT="/tmp/work/h_widget_shots/"
@pytest.mark.parametrize("scheme",["light","dark"])
@pytest.mark.parametrize("size",[{"width":390,"height":844},{"width":1280,"height":800}])
def test_shots(visit, scheme, size):
    v = visit(color_scheme=scheme, viewport=size)
    n=f"{size['width']}-{scheme}"
    v.page.screenshot(path=OUT+f"closed-{n}.png")
    v.launcher.click()
    v.page.get_by_role("button", name="Agree and start").wait_for()
    v.page.screenshot(path=OUT+f"consent-{n}.png")
    v.page.get_by_role("button", name="Agree and start").click()
    v.ask("sun")
    v.page.wait_for_timeout(200)
    v.page.screenshot(path=OUT+f"answer-{n}.png")
    v.ask("habits",2)
    v.page.get_by_role("button", name="Every day").click()
    v.wait_for_answers(3)
    v.page.wait_for_timeout(200)
    v.page.screenshot(path=OUT+f"chart-{n}.png")
    v.ask("I can't see",4)
    v.page.wait_for_timeout(200)
    v.page.screenshot(path=OUT+f"emergency-{n}.png")
