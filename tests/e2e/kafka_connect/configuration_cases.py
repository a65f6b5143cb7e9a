"""What the worker shows of the connector, and what it says of configurations."""
from cluster import CLASS, PLUGINS, ConnectTest


class Configuration(ConnectTest):
    def test_the_plugin_is_listed_with_its_version(self):
        found = {p["class"]: p for p in self.worker.get("/connector-plugins")}
        self.assertEqual(found[CLASS]["type"], "sink")
        self.assertRegex(found[CLASS]["version"], r"^\d+\.\d+\.\d+")

    def validate(self, config):
        status, body = self.worker.request("PUT", f"/connector-plugins/{CLASS}/config/validate", {"name": "x", **config})
        self.assertEqual(status, 200, body)
        return body["error_count"], {c["value"]["name"]: c["value"]["errors"] for c in body["configs"] if c["value"] and c["value"]["errors"]}

    def test_a_good_configuration_validates(self):
        self.assertEqual(self.validate(self.config()), (0, {}))

    def test_a_bad_key_and_a_bad_rule_across_keys_are_both_reported(self):
        count, errors = self.validate(self.config(batch__max__event="12", snapchat__access__token=None, batch__max__events="many"))
        self.assertIn("batch.max.events", errors)
        self.assertIn("batch.max.event", errors)
        self.assertTrue(any("snapchat.access.token" in key for key in errors), errors)
        self.assertGreaterEqual(count, 3)

    def test_every_key_has_type_group_and_documentation(self):
        _, body = self.worker.request("PUT", f"/connector-plugins/{CLASS}/config/validate", {"name": "x", **self.config()})
        keys = {c["definition"]["name"]: c["definition"] for c in body["configs"]}
        self.assertEqual(keys["snapchat.access.token"]["type"], "PASSWORD")
        self.assertEqual(keys["batch.max.events"]["default_value"], "2000")
        for name, d in keys.items():
            self.assertTrue(d["documentation"] or not name.startswith(("snapchat.", "batch.")), name)

    def test_a_library_that_cannot_be_used_is_named_with_the_reason(self):
        not_elf = self.directory / "libtext.so"
        not_elf.write_text("not a library")
        other = str(next(PLUGINS.glob("*/libsca_jni.so")))  # a library, but without the symbol
        for path, why in ((str(self.directory / "libnone.so"), "does not exist"), (str(not_elf), "libtext.so"), (other, "sink_connector_plugin_v1")):
            _, errors = self.validate(self.config(native__library__path=path))
            self.assertIn(why, str(errors.get("native.library.path")), path)
