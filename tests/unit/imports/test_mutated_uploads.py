"""A sample of the mutated uploads that `make fire` tries at full size, and files that came in a zip."""

from __future__ import annotations

import cqc_files
import pytest
import uploads
from area_files import zipped
from damage import DATA

from lib.pack.faults import PackError
from lib.pack.imports.change import Upload
from lib.pack.imports.kinds import kind_of
from lib.pack.imports.proposal import propose
from lib.pack.imports.wrapped import unwrapped
from lib.pack.load import Pack, load_pack


@pytest.mark.parametrize("seed", range(40))
def test_a_mutated_upload_is_read_or_refused_in_words(seed: int) -> None:
    assert uploads.try_upload(seed, whole=seed % 8 == 0).complaints == []


def test_the_sample_has_every_kind() -> None:
    assert {uploads.mutated(seed).kind for seed in range(40)} == {
        *("districts", "area_groups", "population", "service_rates", "lots", "wards", "facts", "gaps", "intentions"),
        *("council_words", "reconciliation", "demand", "providers", "ratings", "capacity", "requests", "history"),
        *("cqc-ratings", "cqc-locations", "boundaries"),
    }


def test_rows_that_another_table_goes_by_are_asked_for_by_the_name_of_the_upload() -> None:
    pack = load_pack(DATA)
    lines = (DATA / "market/providers.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    gone = lines.pop(20).partition(",")[0]
    change = kind_of("providers").read(pack, [Upload("Our providers.csv", "".join(lines).encode())])
    with pytest.raises(PackError) as caught:
        propose(pack, change, ("providers",), ["Our providers.csv"])
    said = str(caught.value.faults[0])
    assert said.startswith("market/ratings.csv of the pack, row ")
    assert f'found "{gone}" in 6 rows, which Our providers.csv no longer agrees with, expected a provider_id' in said
    assert said.endswith("put that right in Our providers.csv, or change market/ratings.csv first")


def locations(name: str, pack: Pack, *files: Upload) -> tuple[tuple[str, int], ...]:
    """What is counted in a zip of files of the CQC."""
    return kind_of("cqc-locations").read(pack, [zipped(list(files), name)]).counts


def directory(name: str) -> Upload:
    row = {"Name": "Alpha", "Postcode": "CM1 1AA", "Local authority": "Essex", "Service types": "Homecare agencies"}
    ids = {"CQC Location ID (for office use only)": "1-100", "CQC Provider ID (for office use only)": "1-900"}
    return cqc_files.upload(cqc_files.table(cqc_files.DIRECTORY_HEADER, {**row, **ids}), name)


def test_the_one_table_of_a_zip_is_read_and_notes_beside_it_are_not(pack: Pack) -> None:
    notes = [Upload("README.txt", b"x"), Upload("terms.pdf", b"%PDF"), Upload("__MACOSX/._a.csv", b"\0")]
    assert ("rows read", 1) in locations("cqc.zip", pack, directory("a.csv"), *notes)
    assert ("rows read", 1) in locations("cqc.zip", pack, directory("folder/a.txt"))


def test_the_json_of_the_api_is_read_out_of_a_zip(pack: Pack) -> None:
    files = [cqc_files.as_json(cqc_files.api_location(one), f"{one}.json") for one in ("1-1", "1-2")]
    assert ("locations read", 2) in locations("api.zip", pack, *files)


def test_a_fault_in_a_zip_names_the_zip_and_the_table(pack: Pack) -> None:
    empty = zipped([Upload("demand.csv", b"people\n1\n")], "sent.zip")
    with pytest.raises(PackError) as caught:
        kind_of("demand").read(pack, [empty])
    assert {fault.file for fault in caught.value.faults} == {"sent.zip, demand.csv"}


def test_a_zip_of_several_tables_is_refused_with_their_names(pack: Pack) -> None:
    with pytest.raises(PackError) as caught:
        locations("two.zip", pack, directory("a.csv"), directory("b.csv"))
    assert str(caught.value) == (
        'two.zip: found a zip with 2 tables in it: "a.csv", "b.csv", expected one of them: take it out of the zip and '
        "choose it alone"
    )


def test_a_zip_that_grows_too_large_is_refused_before_it_is_read(pack: Pack) -> None:
    with pytest.raises(PackError, match="a file that unpacks to 30 MB or more"):
        locations("bomb.zip", pack, Upload("a.csv", bytes(30_000_000)))


def test_a_workbook_and_boundaries_stay_whole() -> None:
    shapes = zipped([Upload("a.shp", b""), Upload("a.csv", b"x")])
    assert unwrapped([shapes]) == [shapes]
    plain = Upload("a.csv", b"a")
    assert unwrapped([plain]) == [plain]
