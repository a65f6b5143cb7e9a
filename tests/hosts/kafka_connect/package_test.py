#!/usr/bin/env python3
"""What `kafka-connect-package` made: the directory for plugin.path, and the zip in Confluent Hub's layout.

usage: package_test.py BUILD_DIR VERSION
"""
import io
import json
import pathlib
import re
import subprocess
import sys
import unittest
import zipfile

BUILD, VERSION = pathlib.Path(sys.argv[1]), sys.argv[2]
NAME = f"snapchat-sink-{VERSION}"
DIRECTORY = BUILD / "kafka-connect" / NAME
ZIP = BUILD / f"sinkconnector-{NAME}.zip"
LIBRARIES = ("libsca_jni.so", "libsnapchat_sink.so")
JAVA_11 = 55  # major version of a class file
# What the README and the manifest promise to run on.
MOST = {"GLIBC": (2, 34), "GLIBCXX": (3, 4, 30), "OPENSSL": (3, 0, 0)}


class Directory(unittest.TestCase):
    def test_it_holds_the_jar_both_libraries_and_the_licence_and_nothing_else(self):
        self.assertEqual(sorted(f.name for f in DIRECTORY.iterdir()), sorted([f"{NAME}.jar", *LIBRARIES, "LICENSE"]))

    def test_the_libraries_need_nothing_newer_than_what_is_promised(self):
        for library in LIBRARIES:
            symbols = subprocess.run(["objdump", "-T", DIRECTORY / library], check=True, capture_output=True, text=True).stdout
            for family, number in set(re.findall(r"\b(GLIBC|GLIBCXX|OPENSSL)_([0-9.]+)", symbols)):
                self.assertLessEqual(tuple(map(int, number.split("."))), MOST[family], f"{library} needs {family}_{number}")

    def test_the_bridge_exports_its_native_functions_only(self):
        out = subprocess.run(["nm", "-D", "--defined-only", DIRECTORY / "libsca_jni.so"], check=True, capture_output=True, text=True).stdout
        names = [line.split()[-1] for line in out.splitlines()]
        self.assertGreater(len(names), 10)
        self.assertEqual([n for n in names if not n.startswith("Java_io_sinkconnector_Bridge_") and n != "JNI_OnLoad"], [])


class Jar(unittest.TestCase):
    def setUp(self):
        self.jar = zipfile.ZipFile(DIRECTORY / f"{NAME}.jar")
        self.addCleanup(self.jar.close)

    def test_its_service_manifest_lists_classes_that_are_in_it(self):
        listed = self.jar.read("META-INF/services/org.apache.kafka.connect.sink.SinkConnector").decode().split()
        self.assertEqual(listed, ["io.sinkconnector.NativeSinkConnector", "io.sinkconnector.snapchat.SnapchatSinkConnector"])
        for name in listed:
            self.assertIn(name.replace(".", "/") + ".class", self.jar.namelist())

    def test_its_classes_are_java_11_byte_code_of_the_bridge_alone(self):
        classes = [n for n in self.jar.namelist() if n.endswith(".class")]
        self.assertGreater(len(classes), 10)
        for name in classes:
            self.assertTrue(name.startswith("io/sinkconnector/"), name)
            self.assertFalse(name.endswith("Test.class"), name)
            self.assertEqual(int.from_bytes(self.jar.read(name)[6:8], "big"), JAVA_11, name)

    def test_it_knows_its_version(self):
        self.assertEqual(self.jar.read("io/sinkconnector/version.properties").decode().strip(), f"version={VERSION}")


class Hub(unittest.TestCase):
    def setUp(self):
        self.zip = zipfile.ZipFile(ZIP)
        self.addCleanup(self.zip.close)
        self.top = f"sinkconnector-{NAME}/"

    def files(self, folder):
        begin = self.top + folder + "/"
        return sorted(n[len(begin):] for n in self.zip.namelist() if n.startswith(begin) and not n.endswith("/"))

    def test_it_is_whole_and_has_one_folder_named_after_owner_name_and_version(self):
        self.assertIsNone(self.zip.testzip())
        self.assertEqual({n.split("/")[0] for n in self.zip.namelist()}, {self.top[:-1]})
        self.assertEqual({n[len(self.top):].split("/")[0] for n in self.zip.namelist() if n != self.top}, {"manifest.json", "lib", "doc", "etc"})

    def test_the_manifest_is_complete_and_true(self):
        manifest = json.loads(self.zip.read(self.top + "manifest.json"))
        for key in ("name", "version", "title", "description", "owner", "support", "tags", "features", "requirements", "license", "component_types", "release_date"):
            self.assertTrue(manifest.get(key), key)
        self.assertEqual((manifest["owner"]["username"], manifest["name"], manifest["version"]), ("sinkconnector", "snapchat-sink", VERSION))
        self.assertEqual(manifest["component_types"], ["sink"])
        self.assertRegex(manifest["release_date"], r"^\d{4}-\d\d-\d\d$")
        self.assertIn("glibc %d.%d" % MOST["GLIBC"], manifest["requirements"][0])

    def test_its_libraries_are_those_of_the_directory(self):
        self.assertEqual(self.files("lib"), sorted([f"{NAME}.jar", *LIBRARIES]))
        for name in self.files("lib"):
            self.assertEqual(self.zip.read(self.top + "lib/" + name), (DIRECTORY / name).read_bytes(), name)

    def test_its_documents_say_how_to_install_and_what_each_key_code_and_metric_means(self):
        self.assertEqual(self.files("doc"), ["CODES.md", "CONFIGURATION.md", "LICENSE", "METRICS.md", "README.md"])

    def test_its_examples_are_a_worker_and_connectors_of_this_class(self):
        self.assertIn("worker.properties", self.files("etc"))
        connectors = [n for n in self.files("etc") if n.endswith(".json")]
        self.assertGreaterEqual(len(connectors), 2)
        for name in connectors:
            config = json.load(io.BytesIO(self.zip.read(self.top + "etc/" + name)))["config"]
            self.assertIn("Snapchat", config["connector.class"], name)
            self.assertNotRegex(config.get("snapchat.access.token", "${file:x:y}"), r"^[^$]", f"{name} shows a token in clear")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
