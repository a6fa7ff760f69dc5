#!/usr/bin/env python3
"""Every bug of plant.py fits the sources as they are, and one that does not is an error."""

import os
import sys
import tempfile
import unittest

ROOT = os.path.realpath(os.path.join(os.path.dirname(__file__), "../../.."))
sys.path.insert(0, os.path.join(ROOT, "sim/canaries"))

import plant


class Plant(unittest.TestCase):
    def test_every_bug_fits_the_sources(self):
        with tempfile.TemporaryDirectory() as out:
            plant.plant(ROOT, out, sorted({bug.path for bug in plant.BUGS}))
            with open(os.path.join(out, plant.CORE), encoding="utf-8") as file:
                planted = file.read()
            with open(os.path.join(out, "main.cc"), encoding="utf-8") as file:
                program = file.read()
        self.assertTrue(planted.startswith('#include "sim/canaries/planted.h"\n'))
        for number, bug in enumerate(plant.BUGS):
            self.assertIn(f'{{"{bug.name}", "{bug.what}"}},', program)
            if bug.path == plant.CORE:
                self.assertIn(f"beian::sim::IsPlanted({number})", planted)

    def test_names_are_given_once(self):
        self.assertEqual(len({bug.name for bug in plant.BUGS}), len(plant.BUGS))

    def test_a_text_that_does_not_stand_exactly_once_is_an_error(self):
        bug = plant.expression("short", "one less", "a.cc", "Quorum()", "Quorum() - 1")
        self.assertIn("IsPlanted(3) ? (Quorum() - 1) : (Quorum())",
                      plant.plant_one(3, bug, "return Quorum();"))
        for text in ("return All();", "return Quorum() + Quorum();"):
            with self.assertRaisesRegex(SystemExit, "short: its text stands [02] times in a.cc"):
                plant.plant_one(3, bug, text)

    def test_a_file_that_is_not_copied_is_an_error(self):
        with tempfile.TemporaryDirectory() as out:
            with self.assertRaisesRegex(SystemExit, "is not among the files"):
                plant.plant(ROOT, out, [plant.CORE])


if __name__ == "__main__":
    unittest.main()
