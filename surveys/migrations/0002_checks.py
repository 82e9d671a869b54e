import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('surveys', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('verbouwing', 'verbouwing'), ('sluiting', 'sluiting'), ('nieuwe_vestiging', 'nieuwe vestiging'), ('verhuizing', 'verhuizing'), ('fusie', 'fusie'), ('splitsing', 'splitsing'), ('telling', 'andere manier van tellen'), ('systeem', 'nieuw systeem'), ('eenmalig', 'eenmalige subsidie of kosten'), ('anders', 'anders')], max_length=20, verbose_name='soort')),
                ('description', models.TextField(verbose_name='omschrijving')),
                ('starts', models.DateField(verbose_name='begonnen op')),
                ('ends', models.DateField(blank=True, null=True, verbose_name='geëindigd op')),
                ('added_at', models.DateTimeField(verbose_name='toegevoegd op')),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='toegevoegd door')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='surveys.organisation', verbose_name='organisatie')),
            ],
            options={
                'verbose_name': 'gebeurtenis',
                'verbose_name_plural': 'gebeurtenissen',
                'ordering': ['-starts', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Explanation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rule', models.CharField(max_length=120, verbose_name='controle')),
                ('question', models.CharField(max_length=80, verbose_name='vraag')),
                ('row', models.CharField(blank=True, default='', max_length=20, verbose_name='rij')),
                ('figures', models.TextField(verbose_name='cijfers')),
                ('reason', models.CharField(choices=[('verbouwing', 'verbouwing of tijdelijke sluiting'), ('vestiging', 'vestiging geopend of gesloten'), ('fusie', 'fusie of splitsing'), ('telling', 'andere manier van tellen of een nieuw systeem'), ('beleid', 'ander beleid of aanbod'), ('eenmalig', 'eenmalige baten of kosten'), ('vorig_jaar', 'het cijfer van vorig jaar klopte niet'), ('omvang', 'ander deel van de instelling meegeteld'), ('klopt', 'het cijfer klopt, de oorzaak is niet bekend'), ('anders', 'anders')], max_length=20, verbose_name='reden')),
                ('text', models.TextField(verbose_name='uitleg')),
                ('is_confirmed', models.BooleanField(default=False, verbose_name='uitleg van vorig jaar')),
                ('at', models.DateTimeField(verbose_name='gegeven op')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='gegeven door')),
                ('event', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='explanations', to='surveys.event', verbose_name='gebeurtenis')),
                ('participation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='explanations', to='surveys.participation', verbose_name='deelname')),
            ],
            options={
                'verbose_name': 'uitleg',
                'verbose_name_plural': 'uitleg bij signalen',
            },
        ),
        migrations.CreateModel(
            name='PeerBound',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rule', models.CharField(max_length=120, verbose_name='controle')),
                ('group', models.CharField(max_length=60, verbose_name='groep')),
                ('count', models.PositiveIntegerField(verbose_name='aantal')),
                ('median', models.FloatField(verbose_name='mediaan')),
                ('mad', models.FloatField(verbose_name='spreiding')),
                ('computed_at', models.DateTimeField(verbose_name='berekend op')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='peer_bounds', to='surveys.round', verbose_name='meetjaar')),
            ],
            options={
                'verbose_name': 'vergelijkingsgrens',
                'verbose_name_plural': 'vergelijkingsgrenzen',
            },
        ),
        migrations.AddConstraint(
            model_name='event',
            constraint=models.CheckConstraint(condition=models.Q(('ends', None), ('ends__gte', models.F('starts')), _connector='OR'), name='event_ends_after_start'),
        ),
        migrations.AddConstraint(
            model_name='event',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['verbouwing', 'sluiting', 'nieuwe_vestiging', 'verhuizing', 'fusie', 'splitsing', 'telling', 'systeem', 'eenmalig', 'anders'])), name='event_has_kind'),
        ),
        migrations.AddConstraint(
            model_name='event',
            constraint=models.CheckConstraint(condition=django.db.models.lookups.GreaterThan(django.db.models.functions.text.Length(django.db.models.functions.text.Trim('description')), 0), name='event_has_description'),
        ),
        migrations.AddIndex(
            model_name='explanation',
            index=models.Index(fields=['participation', 'rule', 'row', 'at'], name='explanation_by_finding'),
        ),
        migrations.AddConstraint(
            model_name='explanation',
            constraint=models.CheckConstraint(condition=django.db.models.lookups.GreaterThan(django.db.models.functions.text.Length(django.db.models.functions.text.Trim('text')), 0), name='explanation_has_text'),
        ),
        migrations.AddConstraint(
            model_name='explanation',
            constraint=models.CheckConstraint(condition=models.Q(('reason__in', ['verbouwing', 'vestiging', 'fusie', 'telling', 'beleid', 'eenmalig', 'vorig_jaar', 'omvang', 'klopt', 'anders'])), name='explanation_has_reason'),
        ),
        migrations.AddConstraint(
            model_name='peerbound',
            constraint=models.UniqueConstraint(fields=('round', 'rule', 'group'), name='peer_bound_once'),
        ),
        migrations.AddConstraint(
            model_name='peerbound',
            constraint=models.CheckConstraint(condition=models.Q(('mad__gte', 0)), name='peer_bound_spread'),
        ),
    ]
